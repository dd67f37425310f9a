// Geofences: the list beside the map on which they are drawn.
import { useParams, useSearch, useNavigate } from '@tanstack/react-router';
import { useMe } from '@/api/session';
import { isStaff } from '@/app/menu';
import { useT } from '@/i18n';
import { CustomerSelect } from '@/parts/CustomerSelect';
import { useCan } from '@/api/session';
import type { Draft } from './draft';
import { Room } from './Room';
import { words } from './words';

/** The page, of all that the caller sees or of ?customer=; /geofences/new and /geofences/ID open the editor. */
export function Geofences() {
  const t = useT(words);
  const me = useMe();
  const can = useCan();
  const { id } = useParams({ strict: false }) as { id?: string };
  const { customer, circle } = useSearch({ strict: false }) as { customer?: string; circle?: string };
  const navigate = useNavigate();
  const choose = (next: string | null) => navigate({ to: '.', search: (old: Record<string, unknown>) => ({ ...old, customer: next || undefined }), replace: true } as never);
  return (
    <Room owner={customer} start={id} circle={circleOf(circle)} onDone={id ? () => navigate({ to: '/geofences', search: customer ? { customer } : {} } as never) : undefined}
      filter={isStaff(me) && can('customer.read') ? <CustomerSelect aria-label={t('customer')} placeholder={t('anyCustomer')} value={customer ?? ''} onChange={choose} /> : undefined} />
  );
}

/** What ?circle=LON,LAT,RADIUS draws to begin with, such as a stop of a playback. */
function circleOf(text: string | undefined): Draft | undefined {
  const [lon, lat, radius] = (text ?? '').split(',').map(Number);
  if (!text || ![lon, lat, radius].every(Number.isFinite) || Math.abs(lon!) > 180 || Math.abs(lat!) > 85 || !(radius! > 0)) return undefined;
  return { kind: 'circle', centre: [lon!, lat!], radius: radius! };
}

/** GeofencesOf is a tab of a customer's panel: its own fences, their map and editor. */
export const GeofencesOf = ({ owner }: { owner: string }) => <Room owner={owner} level={3} />;
