export interface ResidentId {
  birth_on: string;
  gender: 'male' | 'female';
}

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECK = '10X98765432';

/**
 * What a Chinese resident ID number (GB 11643) says about its holder: `null` while it is not eighteen
 * characters or names no day, `'checksum'` when its last character disagrees with the rest.
 */
export function readResidentId(text: string): ResidentId | 'checksum' | null {
  const id = text.replaceAll(/[\s-]/g, '').toUpperCase();
  if (!/^\d{17}[\dX]$/.test(id)) return null;
  const birth_on = `${id.slice(6, 10)}-${id.slice(10, 12)}-${id.slice(12, 14)}`;
  const day = new Date(`${birth_on}T00:00:00Z`);
  if (Number.isNaN(day.getTime()) || day.toISOString().slice(0, 10) !== birth_on) return null;
  const sum = WEIGHTS.reduce((total, weight, at) => total + weight * Number(id[at]), 0);
  if (CHECK[sum % 11] !== id[17]) return 'checksum';
  return { birth_on, gender: Number(id[16]) % 2 === 1 ? 'male' : 'female' };
}
