import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useCan } from '@/api/session';
import { type CardholderHit, findCardholdersQuery } from '@/features/cardholders/queries';

const SHOWN = 8;
const PAUSE_MS = 180;

export interface Found {
  state: 'idle' | 'searching' | 'done' | 'failed';
  items: CardholderHit[];
}

/** One Chinese character says something; of letters and digits it takes two. */
export const isWorthAsking = (text: string): boolean => /\p{Script=Han}/u.test(text) || text.length >= 2;

/** Asks the server after a short pause in typing. */
export function useFound(text: string): Found {
  const allowed = useCan('cardholders:read');
  const typed = text.trim();
  const asked = usePaused(typed);
  const enabled = allowed && isWorthAsking(asked);
  const query = useQuery({ ...findCardholdersQuery(asked, SHOWN), enabled });
  if (!allowed || !isWorthAsking(typed)) return { state: 'idle', items: [] };
  if (query.isError) return { state: 'failed', items: [] };
  const waiting = asked !== typed || query.isPending || query.isPlaceholderData;
  return { state: waiting ? 'searching' : 'done', items: query.data ?? [] };
}

function usePaused(value: string): string {
  const [paused, setPaused] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setPaused(value), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [value]);
  return paused;
}
