import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';

interface EmptyProps {
  icon: LucideIcon;
  title: string;
  hint?: string;
  trace?: string;
  action?: ReactNode;
  is_small?: boolean;
  /** Stands in a page's place: its title is the page's heading. */
  is_page?: boolean;
}

/** What, then what to do, then one button: the shape of nothing found and of something wrong. */
export function Empty({
  icon: Icon,
  title,
  hint,
  trace,
  action,
  is_small = false,
  is_page = false,
}: EmptyProps) {
  const Title = is_page ? 'h1' : 'b';
  return (
    <div className={`empty${is_small ? ' is-small' : ''}`}>
      <Icon size={is_small ? 24 : 32} strokeWidth={1.5} aria-hidden />
      <Title>{title}</Title>
      {hint && <p>{hint}</p>}
      {trace && <code>{trace}</code>}
      {action}
    </div>
  );
}
