import { useNavigate } from '@tanstack/react-router';
import { Dropdown, type MenuProps } from 'antd';
import { KeyRound, LogOut, Menu, Monitor, Moon, Search, ShieldCheck, Sun } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { signOut, useCan, useMe } from '@/api/session';
import { type Theme, usePrefs } from '@/lib/prefs';
import { useMobile } from '@/lib/use-media';
import { Avatar } from '@/ui/avatar';

interface TopBarProps {
  onMenu: () => void;
  onSearch: () => void;
}

export function TopBar({ onMenu, onSearch }: TopBarProps) {
  const { t } = useTranslation();
  const mobile = useMobile();
  const seesCardholders = useCan('cardholders:read');
  return (
    <header className="top">
      {mobile ? (
        <>
          <button type="button" className="icon-button" aria-label={t('shell.menu')} onClick={onMenu}>
            <Menu size={20} />
          </button>
          <b className="top-brand grow">{t('brand.name')}</b>
          <button
            type="button"
            className="icon-button"
            aria-label={t('shell.search_short')}
            onClick={onSearch}
          >
            <Search size={19} />
          </button>
        </>
      ) : (
        <>
          <button type="button" className="top-search" onClick={onSearch} aria-keyshortcuts="Control+K">
            <Search size={15} aria-hidden />
            <span>{seesCardholders ? t('shell.search') : t('shell.search_pages')}</span>
            <kbd>Ctrl K</kbd>
          </button>
          <span className="grow" />
        </>
      )}
      <LanguageButton />
      <ThemeButton />
      <PersonMenu is_short={mobile} />
    </header>
  );
}

function LanguageButton() {
  const { t } = useTranslation();
  const lang = usePrefs((prefs) => prefs.lang);
  const set = usePrefs((prefs) => prefs.set);
  return (
    <button
      type="button"
      className="icon-button is-text"
      title={t('shell.language_label')}
      lang={lang === 'zh-CN' ? 'en' : 'zh-CN'}
      onClick={() => set({ lang: lang === 'zh-CN' ? 'en' : 'zh-CN' })}
    >
      {lang === 'zh-CN' ? 'EN' : '中'}
    </button>
  );
}

const THEME_ICONS = { light: Sun, dark: Moon, system: Monitor } as const;

function ThemeButton() {
  const { t } = useTranslation();
  const theme = usePrefs((prefs) => prefs.theme);
  const set = usePrefs((prefs) => prefs.set);
  const Icon = THEME_ICONS[theme];
  const items: MenuProps['items'] = (['light', 'dark', 'system'] as Theme[]).map((key) => {
    const ItemIcon = THEME_ICONS[key];
    return { key, icon: <ItemIcon size={14} />, label: t(`shell.theme_${key}`) };
  });
  return (
    <Dropdown
      trigger={['click']}
      menu={{
        items,
        selectable: true,
        selectedKeys: [theme],
        onClick: ({ key }) => set({ theme: key as Theme }),
      }}
    >
      <button
        type="button"
        className="icon-button"
        aria-label={`${t('shell.theme')}: ${t(`shell.theme_${theme}`)}`}
      >
        <Icon size={18} />
      </button>
    </Dropdown>
  );
}

function PersonMenu({ is_short }: { is_short: boolean }) {
  const { t } = useTranslation();
  const me = useMe();
  const navigate = useNavigate();
  const items: MenuProps['items'] = [
    {
      key: 'who',
      type: 'group',
      label: `${me.name} · ${me.staff_no} · ${t(`code.role.${me.role}`)}`,
      children: [
        { key: 'security', icon: <ShieldCheck size={14} />, label: t('shell.security') },
        { key: 'password', icon: <KeyRound size={14} />, label: t('shell.change_password') },
        { key: 'out', icon: <LogOut size={14} />, label: t('shell.sign_out') },
      ],
    },
  ];
  const choose: MenuProps['onClick'] = ({ key }) => {
    if (key === 'out') void signOut();
    else void navigate({ to: key === 'security' ? '/security' : '/password' });
  };
  return (
    <Dropdown trigger={['click']} placement="bottomRight" menu={{ items, onClick: choose }}>
      <button
        type="button"
        className="person"
        aria-label={is_short ? t('shell.person', { name: me.name }) : undefined}
      >
        <Avatar name={me.name} size={28} />
        {!is_short && (
          <span>
            <b>{me.name}</b>
            <small>
              {t(`code.role.${me.role}`)} · {me.branch_name}
            </small>
          </span>
        )}
      </button>
    </Dropdown>
  );
}
