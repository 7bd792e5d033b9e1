import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
} from '@tanstack/react-router';
import { accessRoute } from '@/features/access/routes';
import { approvalRoute, approvalsRoute } from '@/features/approvals/routes';
import { anomaliesRoute, auditRoute } from '@/features/audit/routes';
import { loginRoute, passwordRoute, securityRoute } from '@/features/auth/routes';
import { branchesRoute } from '@/features/branches/routes';
import { breakGlassRoute } from '@/features/break-glass/routes';
import {
  cardholderCreateRoute,
  cardholderEditRoute,
  cardholderListRoute,
  cardholderMergeRoute,
} from '@/features/cardholders/routes';
import { consentTextsRoute } from '@/features/consents/routes';
import { exportsRoute } from '@/features/exports/routes';
import { importRoute, importsRoute } from '@/features/imports/routes';
import { jobsRoute } from '@/features/jobs/routes';
import { keysRoute } from '@/features/keys/routes';
import { retentionRoute } from '@/features/retention/routes';
import { staffRoute } from '@/features/staff/routes';
import { statisticsRoute } from '@/features/statistics/routes';
import { subjectRequestRoute, subjectRequestsRoute } from '@/features/subject-requests/routes';
import { workbenchRoute } from '@/features/workbench/routes';
import { parseSearch, stringifySearch } from '@/lib/url-state';
import { PageSkeleton } from '@/ui/skeleton';
import { guardLogin, guardPassword, guardSecondFactor, guardShell } from './access';
import { Crash, NotFound } from './crash';
import { cardholderRoute } from './pages/cardholder-route';
import { inboxRoute } from './pages/inbox-route';

const root = createRootRoute({ component: Outlet });

const login = createRoute({
  getParentRoute: () => root,
  ...loginRoute,
  beforeLoad: ({ search }) => guardLogin(search.next),
});
const password = createRoute({ getParentRoute: () => root, ...passwordRoute, beforeLoad: guardPassword });

const secondFactor = createRoute({
  getParentRoute: () => root,
  path: '/second-factor',
  component: lazyRouteComponent(() => import('./pages/second-factor.page'), 'SecondFactorPage'),
  beforeLoad: guardSecondFactor,
});

const shell = createRoute({
  getParentRoute: () => root,
  id: 'shell',
  component: lazyRouteComponent(() => import('./shell'), 'Shell'),
  beforeLoad: ({ location }) => guardShell(location.href),
});
const under = { getParentRoute: () => shell } as const;

const pages = [
  createRoute({ ...under, ...workbenchRoute }),
  createRoute({ ...under, ...inboxRoute }),
  createRoute({
    ...under,
    ...cardholderListRoute,
    component: lazyRouteComponent(() => import('./pages/cardholders.page'), 'CardholdersPage'),
  }),
  createRoute({ ...under, ...cardholderCreateRoute }),
  createRoute({ ...under, ...cardholderEditRoute }),
  createRoute({ ...under, ...cardholderMergeRoute }),
  createRoute({ ...under, ...cardholderRoute }),
  createRoute({ ...under, ...breakGlassRoute }),
  createRoute({ ...under, ...statisticsRoute }),
  createRoute({ ...under, ...exportsRoute }),
  createRoute({ ...under, ...approvalsRoute }),
  createRoute({ ...under, ...approvalRoute }),
  createRoute({ ...under, ...consentTextsRoute }),
  createRoute({ ...under, ...subjectRequestsRoute }),
  createRoute({ ...under, ...subjectRequestRoute }),
  createRoute({ ...under, ...staffRoute }),
  createRoute({ ...under, ...branchesRoute }),
  createRoute({ ...under, ...accessRoute }),
  createRoute({ ...under, ...importsRoute }),
  createRoute({ ...under, ...importRoute }),
  createRoute({ ...under, ...jobsRoute }),
  createRoute({ ...under, ...keysRoute }),
  createRoute({ ...under, ...retentionRoute }),
  createRoute({ ...under, ...auditRoute }),
  createRoute({ ...under, ...anomaliesRoute }),
  createRoute({ ...under, ...securityRoute }),
] as const;

export const router = createRouter({
  routeTree: root.addChildren([login, password, secondFactor, shell.addChildren(pages)]),
  defaultPreload: 'intent',
  defaultPendingComponent: PageSkeleton,
  defaultPendingMs: 200,
  defaultErrorComponent: Crash,
  defaultNotFoundComponent: NotFound,
  scrollRestoration: true,
  parseSearch,
  stringifySearch,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
