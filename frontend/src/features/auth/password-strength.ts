export type Strength = 'weak' | 'fair' | 'good';

export const PASSWORD_MIN = 12;

/** A hint while typing; the server alone decides what is accepted. */
export function strength(password: string, staffNo: string): Strength {
  if (password.length < PASSWORD_MIN) return 'weak';
  if (staffNo && password.toLowerCase().includes(staffNo.toLowerCase())) return 'weak';
  const different = new Set(password).size;
  if (different < 6) return 'weak';
  const kinds = [/[a-z]/, /[A-Z]/, /\d/, /[^a-zA-Z\d]/].filter((kind) => kind.test(password)).length;
  return password.length >= 16 || (kinds >= 3 && different >= 10) ? 'good' : 'fair';
}
