import { Copy, Download, Printer } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMe } from '@/api/session';

/** Shown once, kept nowhere: to be copied, printed or saved before going on. */
export function RecoveryCodes({ codes, onDone }: { codes: string[]; onDone: () => void }) {
  const { t } = useTranslation();
  const { staff_no } = useMe();
  const [kept, setKept] = useState(false);
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(codes.join('\n'));
    setCopied(true);
  };
  const download = () => {
    const text = `${t('security.codes_file')} · ${staff_no}\n\n${codes.join('\n')}\n`;
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([text], { type: 'text/plain' }));
    link.download = `cardea-recovery-codes-${staff_no}.txt`;
    link.click();
    URL.revokeObjectURL(link.href);
  };
  return (
    <div className="auth-steps">
      <h2 className="auth-step">{t('security.codes_title')}</h2>
      <p>{t('security.codes_hint')}</p>
      <ol className="auth-codes" translate="no" aria-label={t('security.codes_file')}>
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ol>
      <div className="auth-code-actions">
        <button type="button" className="button" onClick={() => void copy()}>
          <Copy size={15} aria-hidden />
          {t(copied ? 'common.copied' : 'common.copy')}
        </button>
        <button type="button" className="button" onClick={() => print()}>
          <Printer size={15} aria-hidden />
          {t('security.print')}
        </button>
        <button type="button" className="button" onClick={download}>
          <Download size={15} aria-hidden />
          {t('security.download')}
        </button>
      </div>
      <label className="auth-check">
        <input type="checkbox" checked={kept} onChange={(event) => setKept(event.target.checked)} />
        {t('security.kept')}
      </label>
      <button type="button" className="button is-primary is-large" disabled={!kept} onClick={onDone}>
        {t('security.finish')}
      </button>
    </div>
  );
}
