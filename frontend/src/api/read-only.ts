import { createContext, useContext } from 'react';
import { type Permission, useCan } from './session';

/** Around what may be looked at and not changed, whatever the role may do elsewhere. */
export const ReadOnly = createContext(false);

/** Whether to offer a change here: the role may make it, and the record is not opened for reading alone. */
export function useMayChange(permission: Permission): boolean {
  const may = useCan(permission);
  return !useContext(ReadOnly) && may;
}
