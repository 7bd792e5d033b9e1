/** The mark: a hinge. Two leaves, one a little open, joined by a pin of five knuckles. */
export function Logo({ size = 32 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden>
      <defs>
        <linearGradient id="cardea-mark" x1="0" y1="0" x2="1" y2="1">
          <stop offset="0" stopColor="#2f67f2" />
          <stop offset="1" stopColor="#1639a8" />
        </linearGradient>
      </defs>
      <rect width="32" height="32" rx="8" fill="url(#cardea-mark)" />
      <path d="M6.5 9.5a2 2 0 0 1 2-2H14v17H8.5a2 2 0 0 1-2-2z" fill="#fff" />
      <path
        d="M18 7.5l6.3 1.9a1.7 1.7 0 0 1 1.2 1.6v10a1.7 1.7 0 0 1-1.2 1.6L18 24.5z"
        fill="#fff"
        fillOpacity=".62"
      />
      <path d="M16 6.2v19.6" stroke="#fff" strokeWidth="2.2" strokeDasharray="3 1.15" />
    </svg>
  );
}
