import { lazyRouteComponent } from '@tanstack/react-router';
import { withWords } from '@/lib/i18n';
import { searchOneOf, withoutEmpty } from '@/lib/url-state';

const STATUSES = ['open', 'done', 'refused'] as const;
const KINDS = ['access', 'portability', 'correction', 'erasure', 'objection', 'human_review'] as const;

export interface SubjectRequestsSearch {
  status?: (typeof STATUSES)[number];
  kind?: (typeof KINDS)[number];
}

export const subjectRequestsRoute = {
  path: '/subject_requests',
  validateSearch: (raw: Record<string, unknown>): SubjectRequestsSearch =>
    withoutEmpty({ status: searchOneOf(raw, 'status', STATUSES), kind: searchOneOf(raw, 'kind', KINDS) }),
  staticData: { permission: 'subject_requests:read' },
  component: lazyRouteComponent(
    () => withWords('law', () => import('./subject-requests.page')),
    'SubjectRequestsPage',
  ),
} as const;

export const subjectRequestRoute = {
  path: '/subject_requests/$request_id',
  staticData: { permission: 'subject_requests:read' },
  component: lazyRouteComponent(
    () => withWords('law', () => import('./subject-request.page')),
    'SubjectRequestPage',
  ),
} as const;
