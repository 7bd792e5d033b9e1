import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { App, type Form } from 'antd';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call, http, ifMatch } from '@/api/client';
import { Problem } from '@/api/problem';
import { isSubmitted } from '@/api/submitted';
import { useFormProblem, useUnsavedGuard } from '@/ui/form';
import { SubmitDialog, useSubmittedNotice } from '@/ui/submitted';
import { type ProfileValues, splitPatch, toForm, toPatch } from './form-values';
import { type Cardholder, type CardholderPatch, cardholderQuery } from './queries';

const patchCardholder = (cardholder_id: string, version: number, body: CardholderPatch) =>
  call(
    http.PATCH('/api/v1/cardholders/{cardholder_id}', {
      params: { path: { cardholder_id }, header: ifMatch(version) },
      body,
    }),
  );

interface Wish {
  patch: CardholderPatch;
  version: number;
}

/**
 * Saving against the version the form was opened with; when that is stale, the person decides. What has to wait for an
 * approval is asked about first, and sent last.
 */
export function useEdit(form: ReturnType<typeof Form.useForm<ProfileValues>>[0], opened: Cardholder) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const notify = useSubmittedNotice();
  const problem = useFormProblem(form);
  const [base, setBase] = useState(opened);
  const [latest, setLatest] = useState<Cardholder | null>(null);
  const [wish, setWish] = useState<Wish | null>(null);
  const [busy, setBusy] = useState(false);
  const isDirty = useRef(false);
  useUnsavedGuard(() => isDirty.current);
  const { cardholder_id } = opened;

  const write = async ({ patch, version }: Wish, evidence_note?: string): Promise<unknown> => {
    const { guarded, rest } = splitPatch(patch, base);
    let at = version;
    let answer: unknown;
    if (guarded === null || Object.keys(rest).length > 0) {
      answer = await patchCardholder(cardholder_id, at, rest);
      if (answer && !isSubmitted(answer)) at = (answer as Cardholder).version;
    }
    return guarded ? patchCardholder(cardholder_id, at, { ...guarded, evidence_note }) : answer;
  };
  const send = async (next: Wish, evidence_note?: string) => {
    setBusy(true);
    problem.clear();
    try {
      const answer = await write(next, evidence_note);
      isDirty.current = false;
      if (!notify(answer)) {
        queryClient.setQueryData(cardholderQuery(cardholder_id).queryKey, answer as Cardholder);
        void message.success(t('common.saved'));
      }
      void queryClient.invalidateQueries({ queryKey: ['cardholders'] });
      void queryClient.invalidateQueries({ queryKey: ['approvals'] });
      await navigate({ to: '/cardholders/$cardholder_id', params: { cardholder_id } });
    } catch (error) {
      setLatest(null);
      if (error instanceof Problem && error.status === 412) await showLatest();
      else problem.show(error);
      setBusy(false);
    }
  };
  const begin = (next: Wish) => {
    if (splitPatch(next.patch, base).guarded) setWish(next);
    else void send(next);
  };
  const showLatest = async () => {
    try {
      setLatest(await queryClient.fetchQuery({ ...cardholderQuery(cardholder_id), staleTime: 0 }));
    } catch (error) {
      problem.show(error);
    }
  };
  return {
    base,
    busy,
    latest,
    problem: problem.banner,
    asking: wish && <SubmitDialog onConfirm={(note) => send(wish, note)} onClose={() => setWish(null)} />,
    save: (values: ProfileValues) => {
      const patch = toPatch(values, base);
      if (Object.keys(patch).length === 0) return void message.info(t('cardholders.form.no_changes'));
      begin({ patch, version: base.version });
    },
    takeTheirs: () => {
      if (!latest) return;
      isDirty.current = false;
      setBase(latest);
      setLatest(null);
      form.setFieldsValue(toForm(latest));
    },
    keepMine: () => {
      if (latest) begin({ patch: toPatch(form.getFieldsValue(true), base), version: latest.version });
    },
    closeStale: () => setLatest(null),
    dirty: () => {
      isDirty.current = true;
    },
  };
}
