import { render } from '@testing-library/react';
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
