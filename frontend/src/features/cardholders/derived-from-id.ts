import { Form, type FormInstance } from 'antd';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { readResidentId } from '@/lib/resident-id';
import type { ProfileValues } from './form-values';

interface Fault {
  validateStatus?: 'error';
  help?: string;
}

/**
 * A resident ID number says when its holder was born and of which gender: fills both while they are empty,
 * and points at them where they disagree. The server checks the same again.
 */
export function useDerivedFromId(form: FormInstance<ProfileValues>) {
  const { t } = useTranslation();
  const kind = Form.useWatch('id_kind', form);
  const number = Form.useWatch('national_id', form);
  const birth = Form.useWatch('birth_on', form);
  const gender = Form.useWatch('gender', form);
  const read = kind === 'resident_id' && number ? readResidentId(number) : null;
  const facts = read === 'checksum' ? null : read;
  const birth_on = facts?.birth_on;
  const id_gender = facts?.gender;
  useEffect(() => {
    if (!birth_on || !id_gender) return;
    if (!form.getFieldValue('birth_on')) form.setFieldValue('birth_on', birth_on);
    if (!form.getFieldValue('gender')) form.setFieldValue('gender', id_gender);
  }, [form, birth_on, id_gender]);

  const disagrees = (what: string): Fault => ({
    validateStatus: 'error',
    help: t('cardholders.form.id_disagrees', { what }),
  });
  const birthWrong = birth_on && birth && birth !== birth_on;
  const genderWrong = id_gender && gender && gender !== id_gender;
  return {
    note: facts && !birthWrong && !genderWrong ? t('cardholders.form.id_derived') : undefined,
    birthFault: birthWrong ? disagrees(t('cardholders.field.birth_on')) : ({} as Fault),
    genderFault: genderWrong ? disagrees(t('cardholders.field.gender')) : ({} as Fault),
  };
}
