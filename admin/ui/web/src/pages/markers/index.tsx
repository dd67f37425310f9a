// Markers: the list beside the map on which they are set.
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCan, useMe } from '@/api/session';
import { isStaff } from '@/app/menu';
import { useT } from '@/i18n';
import { CustomerSelect } from '@/parts/CustomerSelect';
import { Room } from './Room';
import { words } from './words';

/** The page, of all that the caller sees or of ?customer=. */
export function Markers() {
  const t = useT(words);
  const me = useMe();
  const can = useCan();
  const { customer } = useSearch({ strict: false }) as { customer?: string };
  const navigate = useNavigate();
  const choose = (next: string | null) => navigate({ to: '.', search: (old: Record<string, unknown>) => ({ ...old, customer: next || undefined }), replace: true } as never);
  return <Room owner={customer} filter={isStaff(me) && can('customer.read') ? <CustomerSelect aria-label={t('customer')} placeholder={t('anyCustomer')} value={customer ?? ''} onChange={choose} /> : undefined} />;
}

/** MarkersOf is a tab of a customer's panel. */
export const MarkersOf = ({ owner }: { owner: string }) => <Room owner={owner} level={3} />;
