/** One field's fault; `pointer` is a JSON pointer into the body that was sent. */
export interface FieldFault {
  pointer: string;
  code: string;
  message: string;
  params: Record<string, unknown>;
}

interface ProblemShape {
  title: string;
  status: number;
  code: string;
  detail?: string | null;
  params?: Record<string, unknown> | null;
  trace_id?: string | null;
  errors?: FieldFault[] | null;
}

/** What the server said went wrong (RFC 9457), or that it could not be reached at all. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly detail: string | null;
  readonly params: Record<string, unknown>;
  readonly trace_id: string | null;
  readonly errors: FieldFault[];

  constructor(shape: ProblemShape) {
    super(`${shape.status} ${shape.code}`);
    this.status = shape.status;
    this.code = shape.code;
    this.title = shape.title;
    this.detail = shape.detail ?? null;
    this.params = shape.params ?? {};
    this.trace_id = shape.trace_id ?? null;
    this.errors = shape.errors ?? [];
  }

  /** The request never reached the server, or its answer never came back. */
  static unreachable(): Problem {
    return new Problem({ status: 0, code: 'client.unreachable', title: '' });
  }

  static from(response: Response, body: unknown): Problem {
    if (isShape(body)) return new Problem({ ...body, status: response.status });
    // A gateway in between answered, not the server: there is nothing to show but the status.
    return new Problem({
      status: response.status,
      code: 'client.unexpected_answer',
      title: '',
      trace_id: response.headers.get('x-trace-id'),
    });
  }
}

function isShape(body: unknown): body is ProblemShape {
  return (
    typeof body === 'object' &&
    body !== null &&
    'code' in body &&
    typeof body.code === 'string' &&
    'title' in body
  );
}

export const isProblem = (error: unknown, code?: string): error is Problem =>
  error instanceof Problem && (code === undefined || error.code === code);

/** Worth asking again: the server was away or busy, not of another opinion. */
export const isTransient = (error: unknown): boolean =>
  error instanceof Problem &&
  (error.status === 0 || error.status === 502 || error.status === 503 || error.status === 504);
