import { useQuery } from '@tanstack/react-query';
import { productsQuery } from '@/api/reference';
import { useCan } from '@/api/session';
import { useLang } from '@/lib/prefs';
import type { Dimension } from './codes';
import type { StatisticsGroup } from './queries';

/** What a group is called: a branch by its name, a product by that of the reference table, a month by itself. */
export function useGroupName(by: Dimension): (group: StatisticsGroup) => string {
  const lang = useLang();
  const mayRead = useCan('accounts:read');
  const { data } = useQuery({ ...productsQuery, enabled: mayRead && by === 'product' });
  return ({ key, name }) => {
    if (by !== 'product') return name ?? key;
    const product = data?.find((known) => known.product_code === key);
    return (lang === 'zh-CN' ? product?.name_zh : product?.name_en) ?? key;
  };
}
