import { useEffect, useState } from 'react';

/** The computer's clock, looked at again every `step_ms`. */
export function useNow(step_ms: number): Date {
  const [now, setNow] = useState(() => new Date());
  useEffect(() => {
    const timer = setInterval(() => setNow(new Date()), step_ms);
    return () => clearInterval(timer);
  }, [step_ms]);
  return now;
}
