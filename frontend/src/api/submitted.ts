import type { components } from './schema.gen';

type Submitted = components['schemas']['SubmittedApproval'];

/** Whether the server let the change wait for an approval (202) instead of making it. */
export const isSubmitted = (answer: unknown): answer is Submitted =>
  typeof answer === 'object' && answer !== null && 'approval' in answer;
