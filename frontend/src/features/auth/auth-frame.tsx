import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { usePrefs } from '@/lib/prefs';
import { Logo } from '@/ui/logo';
import './auth.css';

/** The two pages outside the shell: a picture beside a form. Plain HTML, so that signing in loads little. */
export function AuthFrame({ children }: { children: ReactNode }) {
  const { t } = useTranslation();
  const lang = usePrefs((prefs) => prefs.lang);
  const set = usePrefs((prefs) => prefs.set);
  return (
    <div className="auth">
      <aside className="auth-hero" aria-label={t('brand.name')}>
        <div className="auth-brand">
          <Logo size={36} />
          <span>
            <b>{t('brand.name')}</b>
            <small>{t('brand.sub')}</small>
          </span>
        </div>
        <HeroArt />
        <p className="auth-slogan">{t('auth.hero')}</p>
        <p className="auth-sub">{t('auth.hero_sub')}</p>
      </aside>
      <main className="auth-main" id="main">
        <div className="auth-tools">
          <button
            type="button"
            className="icon-button is-text"
            lang={lang === 'zh-CN' ? 'en' : 'zh-CN'}
            onClick={() => set({ lang: lang === 'zh-CN' ? 'en' : 'zh-CN' })}
          >
            {t('shell.language')}
          </button>
        </div>
        <div className="auth-box">{children}</div>
        <p className="auth-legal">{t('auth.legal')}</p>
      </main>
    </div>
  );
}

/** The mark at large: two card-shaped leaves on one hinge, the right one opening. */
function HeroArt() {
  return (
    <svg className="auth-art" viewBox="0 0 640 420" aria-hidden>
      <defs>
        <linearGradient id="leaf-left" x1="0" y1="0" x2="1" y2="1">
          <stop offset="0" stopColor="#fff" stopOpacity=".34" />
          <stop offset="1" stopColor="#fff" stopOpacity=".08" />
        </linearGradient>
        <linearGradient id="leaf-right" x1="0" y1="0" x2="1" y2="0">
          <stop offset="0" stopColor="#fff" stopOpacity=".2" />
          <stop offset="1" stopColor="#fff" stopOpacity=".03" />
        </linearGradient>
      </defs>
      <g fill="#fff" stroke="#fff">
        <path
          d="M48 96a22 22 0 0 1 22-22h240v244H70a22 22 0 0 1-22-22z"
          fill="url(#leaf-left)"
          strokeOpacity=".34"
        />
        <path
          d="M330 74l206 58a18 18 0 0 1 13 17v184a14 14 0 0 1-17 14L330 318z"
          fill="url(#leaf-right)"
          strokeOpacity=".26"
        />
        <g stroke="none">
          <rect x="80" y="112" width="50" height="37" rx="7" fillOpacity=".6" />
          {[0, 1, 2].map((group) => (
            <g key={group} fillOpacity=".78">
              {[0, 1, 2, 3].map((dot) => (
                <circle key={dot} cx={86 + group * 66 + dot * 13} cy="206" r="3.6" />
              ))}
            </g>
          ))}
          <rect x="80" y="252" width="112" height="10" rx="5" fillOpacity=".5" />
          <rect x="80" y="274" width="70" height="8" rx="4" fillOpacity=".28" />
          <rect
            x="360"
            y="128"
            width="96"
            height="9"
            rx="4.5"
            fillOpacity=".34"
            transform="rotate(14 360 128)"
          />
          <g fillOpacity=".3">
            <path d="M366 262v34l16 1.5v-35.5z" />
            <path d="M396 236v62l16 1.5v-63.5z" />
            <path d="M426 250v51l16 1.5v-52.5z" />
            <path d="M456 214v90l16 1.5v-91.5z" />
            <path d="M486 196v111l16 1.5v-112.5z" />
          </g>
        </g>
        <path
          d="M320 66v260"
          strokeWidth="14"
          strokeDasharray="44 10"
          strokeOpacity=".72"
          strokeLinecap="butt"
        />
      </g>
    </svg>
  );
}
