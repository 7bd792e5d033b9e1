import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button, Dropdown } from 'antd';
import { BookmarkPlus, Ellipsis } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call, http, ifMatch } from '@/api/client';
import { useMe } from '@/api/session';
import { usePrefs } from '@/lib/prefs';
import { sameQuery } from '@/lib/url-state';
import { useProblemText } from '@/ui/problem-text';
import { fromViewQuery, type ListSearch, toViewQuery } from './list-search';
import { type SavedView, savedViewsQuery } from './queries';

const ViewNameDialog = lazy(() =>
  import('./view-name-dialog').then((module) => ({ default: module.ViewNameDialog })),
);

const TABLE = 'cardholders';

interface ViewsProps {
  search: ListSearch;
  /** Replaces every filter at once. */
  onOpen: (search: ListSearch) => void;
}

/** Everybody, mine, and the views this person saved; the one in force is marked even after a filter changed. */
export function ViewTabs({ search, onOpen }: ViewsProps) {
  const { t } = useTranslation();
  const me = useMe();
  const set = usePrefs((prefs) => prefs.set);
  const columns = usePrefs((prefs) => prefs.columns);
  const views = useQuery(savedViewsQuery).data ?? [];
  const active = views.find((view) => view.view_id === search.view);
  const hasMine = me.role === 'relationship_manager' || me.role === 'branch_manager';
  const isMine = search.view === 'mine' && search.manager_id === me.staff_id;
  const open = (view: SavedView) => {
    const { search: saved, columns: shown } = fromViewQuery(view.query);
    if (shown) set({ columns: { ...columns, [TABLE]: shown } });
    onOpen({ ...saved, view: view.view_id });
  };
  return (
    <nav className="tabs" aria-label={t('cardholders.view.label')}>
      <button type="button" className="tab" aria-current={!active && !isMine} onClick={() => onOpen({})}>
        {t('cardholders.view.all')}
      </button>
      {hasMine && (
        <button
          type="button"
          className="tab"
          aria-current={isMine}
          onClick={() => onOpen({ manager_id: me.staff_id, view: 'mine' })}
        >
          {t('cardholders.view.mine')}
        </button>
      )}
      {views.map((view) => (
        <button
          key={view.view_id}
          type="button"
          className="tab"
          aria-current={view === active}
          onClick={() => open(view)}
        >
          {view.name}
        </button>
      ))}
      {active && <ViewMenu view={active} onRemoved={() => onOpen({ ...search, view: undefined })} />}
    </nav>
  );
}

/** Shown once the filters say something that no saved view says. */
export function SaveViewButton({ search, onOpen }: ViewsProps) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const say = useProblemText();
  const queryClient = useQueryClient();
  const columns = usePrefs((prefs) => prefs.columns[TABLE]);
  const [naming, setNaming] = useState(false);
  const views = useQuery(savedViewsQuery).data ?? [];
  const active = views.find((view) => view.view_id === search.view);
  // The document says "an object"; what is in it is this page's own affair.
  const query = toViewQuery(search, columns) as SavedView['query'];
  const update = useMutation({
    mutationFn: (view: SavedView) =>
      call(
        http.PATCH('/api/v1/saved_views/{view_id}', {
          params: { path: { view_id: view.view_id }, header: ifMatch(view.version) },
          body: { query },
        }),
      ),
    onSuccess: () => {
      void message.success(t('cardholders.view.saved'));
      return queryClient.invalidateQueries(savedViewsQuery);
    },
    onError: (error) => void message.error(say(error).title),
  });
  const dirty = active
    ? !sameQuery(query, active.query)
    : Object.keys(query).length > 0 && search.view !== 'mine';
  if (!dirty) return null;
  return (
    <>
      {active && (
        <Button type="text" loading={update.isPending} onClick={() => update.mutate(active)}>
          {t('cardholders.view.update')}
        </Button>
      )}
      <Button type="text" icon={<BookmarkPlus size={15} />} onClick={() => setNaming(true)}>
        {t('cardholders.view.save_as')}
      </Button>
      {naming && (
        <Suspense>
          <ViewNameDialog
            title={t('cardholders.view.save_as')}
            onClose={() => setNaming(false)}
            onName={async (name) => {
              const view = await call(
                http.POST('/api/v1/saved_views', { body: { page: TABLE, name, query } }),
              );
              await queryClient.invalidateQueries(savedViewsQuery);
              onOpen({ ...search, view: view.view_id });
            }}
          />
        </Suspense>
      )}
    </>
  );
}

function ViewMenu({ view, onRemoved }: { view: SavedView; onRemoved: () => void }) {
  const { t } = useTranslation();
  const { modal, message } = App.useApp();
  const say = useProblemText();
  const queryClient = useQueryClient();
  const [renaming, setRenaming] = useState(false);
  const path = { view_id: view.view_id };
  const remove = () =>
    modal.confirm({
      title: t('cardholders.view.remove_confirm', { name: view.name }),
      okText: t('common.delete'),
      okButtonProps: { danger: true },
      onOk: async () => {
        try {
          await call(
            http.DELETE('/api/v1/saved_views/{view_id}', { params: { path, header: ifMatch(view.version) } }),
          );
        } catch (error) {
          void message.error(say(error).title);
        }
        await queryClient.invalidateQueries(savedViewsQuery);
        onRemoved();
      },
    });
  return (
    <>
      <Dropdown
        trigger={['click']}
        menu={{
          items: [
            { key: 'rename', label: t('cardholders.view.rename'), onClick: () => setRenaming(true) },
            { key: 'remove', label: t('cardholders.view.remove'), danger: true, onClick: remove },
          ],
        }}
      >
        <button
          type="button"
          className="icon-button"
          aria-label={t('cardholders.view.menu', { name: view.name })}
        >
          <Ellipsis size={16} />
        </button>
      </Dropdown>
      {renaming && (
        <Suspense>
          <ViewNameDialog
            title={t('cardholders.view.rename')}
            initial={view.name}
            onClose={() => setRenaming(false)}
            onName={async (name) => {
              await call(
                http.PATCH('/api/v1/saved_views/{view_id}', {
                  params: { path, header: ifMatch(view.version) },
                  body: { name },
                }),
              );
              await queryClient.invalidateQueries(savedViewsQuery);
            }}
          />
        </Suspense>
      )}
    </>
  );
}
