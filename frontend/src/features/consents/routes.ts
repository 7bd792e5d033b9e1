import { lazyRouteComponent } from '@tanstack/react-router';
import { withWords } from '@/lib/i18n';

export const consentTextsRoute = {
  path: '/consent_texts',
  staticData: { permission: 'consent_texts:write' },
  component: lazyRouteComponent(() => withWords('law', () => import('./texts.page')), 'ConsentTextsPage'),
} as const;
