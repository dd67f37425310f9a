// Share links, of all that the caller sees or of ?customer=.
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCan, useMe } from '@/api/session';
import { isStaff } from '@/app/menu';
import { useT } from '@/i18n';
import { CustomerSelect } from '@/parts/CustomerSelect';
import { ShareList } from './List';
import { words } from './words';
import '@/pages/geofences/geofences.css';

export function Shares() {
  const t = useT(words);
  const me = useMe(), can = useCan();
  const { customer } = useSearch({ strict: false }) as { customer?: string };
  const navigate = useNavigate();
  const choose = (next: string | null) => navigate({ to: '.', search: (old: Record<string, unknown>) => ({ ...old, customer: next || undefined }), replace: true } as never);
  return <ShareList owner={customer} filter={isStaff(me) && can('customer.read') ? <CustomerSelect aria-label={t('owner')} placeholder={t('anyCustomer')} value={customer ?? ''} onChange={choose} /> : undefined} />;
}

/** SharesOf is a tab of a customer's panel. */
export const SharesOf = ({ owner }: { owner: string }) => <ShareList owner={owner} level={3} />;
