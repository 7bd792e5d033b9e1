import { create } from 'zustand';
import { useSession } from '@/api/session';

export interface RecentCardholder {
  cardholder_id: string;
  customer_no: string;
  name: string | null;
}

const KEPT = 8;

interface Recent {
  items: RecentCardholder[];
  open: (cardholder: RecentCardholder) => void;
}

/** The records opened last, for the command palette. In memory only: names never reach the browser's store. */
export const useRecent = create<Recent>()((set) => ({
  items: [],
  open: ({ cardholder_id, customer_no, name }) =>
    set(({ items }) => ({
      items: [
        { cardholder_id, customer_no, name },
        ...items.filter((item) => item.cardholder_id !== cardholder_id),
      ].slice(0, KEPT),
    })),
}));

useSession.subscribe(({ phase }) => {
  if (phase === 'signed_out') useRecent.setState({ items: [] });
});
