import type { APIRequestContext } from '@playwright/test';

/** The sandbox bank's sign-ins; their password is public and the same for all. */
export const PASSWORD = 'Cardea-2026';
export type StaffNo =
  | 'T0001'
  | 'R0001'
  | 'S0001'
  | 'K0001'
  | 'K0002'
  | 'M0001'
  | 'M0002'
  | 'B0001'
  | 'B0002'
  | 'U0001'
  | 'A0001'
  | 'A0002';

export interface Me {
  staff_id: string;
  name: string;
  role: string;
  branch_id: string;
  branch_name: string;
}

export interface Page<T> {
  items: T[];
  next: string | null;
  count: number | null;
}

export interface Cardholder {
  cardholder_id: string;
  customer_no: string;
  name: string;
  name_pinyin: string;
  name_initials: string;
  branch_name: string;
  version: number;
}

export interface Card {
  card_id: string;
  last_four: string | null;
  status: 'active' | 'frozen' | 'expired' | 'cancelled';
}

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';

/** The bank's API as a signed-in member of staff uses it: for what a test needs to be there before it begins. */
export class Api {
  private constructor(
    private readonly request: APIRequestContext,
    private readonly token: string,
    readonly me: Me,
  ) {}

  /** Leaves the refresh cookie in the jar of `request`; a browser context's own request thereby signs in its pages. */
  static async signIn(request: APIRequestContext, staff_no: string, password = PASSWORD): Promise<Api> {
    const response = await request.post('/api/v1/auth/login', { data: { staff_no, password } });
    if (!response.ok()) throw new Error(`${staff_no} cannot sign in: ${await response.text()}`);
    const { access_token } = (await response.json()) as { access_token: string };
    const me = await request.get('/api/v1/me', { headers: { Authorization: `Bearer ${access_token}` } });
    return new Api(request, access_token, (await me.json()) as Me);
  }

  get = <T>(path: string): Promise<T> => this.send<T>('GET', path);
  post = <T>(path: string, data: object): Promise<T> => this.send<T>('POST', path, data);
  /** What answers nothing. */
  act = async (path: string, data: object): Promise<void> => {
    const headers = { Authorization: `Bearer ${this.token}` };
    const response = await this.request.post(`/api/v1${path}`, { headers, data });
    if (!response.ok()) throw new Error(`POST ${path}: ${response.status()} ${await response.text()}`);
  };
  patch = <T>(path: string, version: number, data: object): Promise<T> =>
    this.send<T>('PATCH', path, data, version);

  /** The problem that a request which must not be answered is answered with. */
  async refused(path: string): Promise<{ status: number; code: string; trace_id: string }> {
    const headers = { Authorization: `Bearer ${this.token}` };
    const response = await this.request.get(`/api/v1${path}`, { headers });
    return (await response.json()) as { status: number; code: string; trace_id: string };
  }

  private async send<T>(method: Method, path: string, data?: object, version?: number): Promise<T> {
    const headers: Record<string, string> = { Authorization: `Bearer ${this.token}` };
    if (version !== undefined) headers['If-Match'] = `"${version}"`;
    const response = await this.request.fetch(`/api/v1${path}`, { method, headers, data });
    if (!response.ok()) throw new Error(`${method} ${path}: ${response.status()} ${await response.text()}`);
    return (await response.json()) as T;
  }
}
