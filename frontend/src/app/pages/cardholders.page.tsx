import { BreakGlassOffer, customerNoIn } from '@/features/break-glass/offer';
import { ListPage } from '@/features/cardholders/list.page';

/** The list, with a way to those whom it does not show because they are out of reach. */
export function CardholdersPage() {
  return <ListPage offer={(q) => <BreakGlassOffer customer_no={customerNoIn(q)} />} />;
}
