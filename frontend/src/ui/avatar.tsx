import { UserRound } from 'lucide-react';

const HUES = 5;

/** Decoration beside a name, never instead of one. Colour follows the name, so a person keeps it everywhere. */
export function Avatar({ name, size = 32 }: { name: string | null; size?: number }) {
  const first = name ? Array.from(name.trim())[0]?.toUpperCase() : undefined;
  const hue = first ? (first.codePointAt(0) ?? 0) % HUES : HUES - 1;
  return (
    <span
      className={`avatar hue-${hue}`}
      aria-hidden
      style={{ width: size, height: size, fontSize: Math.round(size * 0.42) }}
    >
      {first ?? <UserRound size={size * 0.5} />}
    </span>
  );
}
