import { render } from '@testing-library/react';
import { afterEach, vi } from 'vitest';
import { queryClient } from '@/app/query-client';
import { Root } from '@/app/root';
import { router } from '@/app/router';
import { startI18n } from '@/lib/i18n';

/** The whole application at one address, as a browser with a live cookie opens it. */
export async function openApp(path: string): Promise<void> {
  localStorage.setItem('cardea.maybe_signed_in', '1');
  await startI18n();
  // Not the address of the test before: its page may not stand what this test's session lacks.
  router.history.replace(path);
  render(<Root />);
  await router.load();
}

// What a test set going ends with it: a page that is still on its way would be shown to the next test, or to no
// document at all. Runs before the page is taken down, since hooks run in the reverse order of their registration.
afterEach(async () => {
  await vi.waitFor(
    () => {
      if (router.state.isLoading) throw new Error('a page is still on its way');
      if (queryClient.isMutating() > 0) throw new Error('a change is still on its way');
    },
    { timeout: 10_000, interval: 10 },
  );
});
