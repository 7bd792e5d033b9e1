import { create } from 'zustand';

/** The code by which the server asks for a proof once more. */
export const STEP_UP_REQUIRED = 'staff.step_up_required';

interface StepUp {
  /** Somebody waits for the proof; called with whether it was given. */
  answer: ((is_proved: boolean) => void) | null;
  /** What is asked for: the second factor of whoever has one, else the password. */
  by: 'password' | 'code';
}

/** What the one dialog shows itself for. */
export const useStepUp = create<StepUp>()(() => ({ answer: null, by: 'password' }));

let asking: Promise<boolean> | null = null;

/** Asks for the proof; requests that need it at the same time share one dialog. */
export function askStepUp(by: StepUp['by']): Promise<boolean> {
  asking ??= new Promise<boolean>((resolve) => {
    useStepUp.setState({
      by,
      answer: (is_proved) => {
        asking = null;
        useStepUp.setState({ answer: null });
        resolve(is_proved);
      },
    });
  });
  return asking;
}
