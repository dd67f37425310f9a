// Where one begins: staff on what is going on, customers on their own panel, or
// on the map where all their devices only tell where they are.
import { Navigate, useSearch } from '@tanstack/react-router';
import { useCan, useMe } from '@/api/session';
import { isStaff } from '@/app/menu';
import { addressOf } from '@/pages/views/address';
import { landing } from './landing';
import { StaffHome } from './StaffHome';

export function Home() {
  const { event } = useSearch({ strict: false }) as { event?: string };
  const staff = isStaff(useMe());
  // What messages link to: /?event=ID.
  if (event) return <Navigate to={'/events' as string} search={{ event } as never} replace />;
  return staff ? <StaffHome /> : <ClientHome />;
}

function ClientHome() {
  const me = useMe();
  const can = useCan();
  // A view that staff chose for the customer comes before all.
  if (me.home) return <Navigate to={addressOf(me.home, me.user.customer) as string} replace />;
  return <Navigate to={landing(me.user.customer, me.positioningOnly, can('stream.read')) as string} replace />;
}
