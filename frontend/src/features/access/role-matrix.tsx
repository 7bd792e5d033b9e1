import { Select } from 'antd';
import { Check, Minus, SearchX } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Permission, useMe } from '@/api/session';
import { useMobile } from '@/lib/use-media';
import { Empty } from '@/ui/empty';
import { ClassPill } from './field-classes';
import { CLASSES, permissionsOf } from './find';
import type { RoleAccess } from './queries';

interface Line {
  key: string;
  title: string;
  /** The server's own word for it. */
  code?: string;
  cell: (role: RoleAccess) => ReactNode;
}

/** Role × scope, field class and permission: a table, or on a phone one role at a time. */
export function RoleMatrix({ roles, q }: { roles: RoleAccess[]; q: string }) {
  const { t } = useTranslation();
  const mobile = useMobile();
  const lines = useLines(roles);
  const sought = q.trim().toLowerCase();
  const isSought = (text: string | undefined) => text?.toLowerCase().includes(sought);
  const named = roles.filter((role) => isSought(t(`code.role.${role.role}`)) || isSought(role.role));
  const matching = lines.filter((line) => isSought(line.title) || isSought(line.code));
  // What is typed names roles, or else lines.
  const shown = {
    roles: sought && named.length > 0 ? named : roles,
    lines: named.length > 0 ? lines : matching,
  };
  if (shown.lines.length === 0)
    return <Empty icon={SearchX} title={t('desk.access.empty')} hint={t('desk.access.empty_hint')} />;
  return mobile ? <OneRole {...shown} /> : <Matrix {...shown} />;
}

/** The name of a permission, or its code where this screen does not know it yet. */
export function usePermissionName(): (permission: Permission) => string {
  const { t, i18n } = useTranslation();
  return (permission) => {
    const key = `permissions.${permission.replace(':', '_')}`;
    return i18n.exists(key) ? (t as (key: string) => string)(key) : permission;
  };
}

function useLines(roles: RoleAccess[]): Line[] {
  const { t } = useTranslation();
  const name = usePermissionName();
  const scope: Line = {
    key: 'scope',
    title: t('desk.access.default_scope'),
    cell: (role) => t(`code.scope.${role.default_scope}`),
  };
  const classes = CLASSES.map(
    (kind): Line => ({
      key: kind,
      title: t('desk.access.sees', { what: t(`code.field_class.${kind}`) }),
      cell: (role) => <Mark is_yes={role.classes.includes(kind)} />,
    }),
  );
  const permissions = permissionsOf(roles).map(
    (permission): Line => ({
      key: permission,
      title: name(permission),
      code: permission,
      cell: (role) => <Mark is_yes={role.permissions.includes(permission)} />,
    }),
  );
  return [scope, ...classes, ...permissions];
}

function Mark({ is_yes }: { is_yes: boolean }) {
  const { t } = useTranslation();
  const Icon = is_yes ? Check : Minus;
  return (
    <span className={is_yes ? 'is-yes' : 'is-no'}>
      <Icon size={16} aria-hidden />
      <span className="sr-only">{is_yes ? t('desk.access.yes') : t('desk.access.no')}</span>
    </span>
  );
}

function Matrix({ roles, lines }: { roles: RoleAccess[]; lines: Line[] }) {
  const { t } = useTranslation();
  const me = useMe();
  const own = (role: RoleAccess) => (role.role === me.role ? 'is-own' : undefined);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable with the keyboard
    <section className="matrix" tabIndex={0} aria-label={t('desk.access.tab_roles')}>
      <table>
        <thead>
          <tr>
            <th scope="col">{t('desk.access.right')}</th>
            {roles.map((role) => (
              <th key={role.role} scope="col" className={own(role)}>
                {t(`code.role.${role.role}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {lines.map((line) => (
            <tr key={line.key}>
              <th scope="row">
                {line.title}
                {line.code && (
                  <small className="num" translate="no">
                    {line.code}
                  </small>
                )}
              </th>
              {roles.map((role) => (
                <td key={role.role} className={own(role)}>
                  {line.cell(role)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function OneRole({ roles, lines }: { roles: RoleAccess[]; lines: Line[] }) {
  const { t } = useTranslation();
  const me = useMe();
  const [chosen, setChosen] = useState<RoleAccess['role']>(me.role);
  const role = roles.find((known) => known.role === chosen) ?? roles[0];
  if (!role) return null;
  return (
    <div className="role-facts">
      <Select
        aria-label={t('desk.access.role')}
        value={role.role}
        options={roles.map((known) => ({ value: known.role, label: t(`code.role.${known.role}`) }))}
        onChange={setChosen}
        style={{ width: '100%', margin: '10px 0 6px' }}
      />
      <p className="row" style={{ padding: '6px 0' }}>
        {role.classes.map((kind) => (
          <ClassPill key={kind} value={kind} />
        ))}
      </p>
      <ul>
        {lines.map((line) => (
          <li key={line.key}>
            <span className="grow">
              {line.title}
              {line.code && (
                <small className="muted num" translate="no">
                  {' '}
                  {line.code}
                </small>
              )}
            </span>
            {line.cell(role)}
          </li>
        ))}
      </ul>
    </div>
  );
}
