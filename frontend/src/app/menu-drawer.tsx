import { Drawer } from 'antd';
import { useTranslation } from 'react-i18next';
import { Brand, Nav } from './nav';

/** The whole menu on a phone. */
export function MenuDrawer({ is_open, onClose }: { is_open: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Drawer
      open={is_open}
      onClose={onClose}
      placement="left"
      size={272}
      closable={false}
      aria-label={t('shell.main_menu')}
      styles={{ body: { padding: '14px 12px', background: 'var(--nav)' } }}
    >
      <Brand />
      <Nav onGo={onClose} />
    </Drawer>
  );
}
