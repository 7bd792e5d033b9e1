import type { LinkProps } from '@tanstack/react-router';
import type { LucideIcon } from 'lucide-react';
import type { WorkItem, WorkKind } from './queries';

/** What the inbox has to know of a kind: each belongs to a feature of its own, so the application hands this table in. */
export interface WorkKindView {
  icon: LucideIcon;
  /** The item's own page. */
  target: (item: WorkItem) => Pick<LinkProps, 'to' | 'params' | 'search'>;
  /** What it is about, in the reader's language. */
  useText: () => (item: WorkItem) => string;
}

export type WorkKinds = Record<WorkKind, WorkKindView>;
