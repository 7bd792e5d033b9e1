import '@/ui/ui.css';
import '@/ui/feedback.css';
import { EnrolmentFrame } from '@/features/auth/enrolment-frame';
import { AntdProvider } from '../antd';

/** Outside the shell, as it may be all that is allowed, and yet with antd for the QR code and the question for the password. */
export function SecondFactorPage() {
  return (
    <AntdProvider>
      <EnrolmentFrame />
    </AntdProvider>
  );
}
