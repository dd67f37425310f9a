// Where one begins: staff on what is going on, customers on their own panel, or
// on the map where all their devices only tell where they are.
import { useQuery } from '@tanstack/react-query';
import { Navigate } from '@tanstack/react-router';
import { Center, Loader } from '@mantine/core';
import { http } from '@/api/client';
import { useCan, useMe } from '@/api/session';
import { isStaff } from '@/app/menu';
import { addressOf } from '@/pages/views/address';
import { landing } from './landing';
import { StaffHome } from './StaffHome';

export function Home() {
  return isStaff(useMe()) ? <StaffHome /> : <ClientHome />;
}

function ClientHome() {
  const me = useMe();
  const can = useCan();
  const to = useQuery({
    queryKey: ['landing', me.user.id], staleTime: 60_000,
    queryFn: async () => {
      const [devices, types] = await Promise.all([
        can('device.read') ? http.GET('/api/v1/devices', { params: { query: { limit: 1000 } } }).then((r) => r.data!.items ?? []) : [],
        can('deviceType.read') ? http.GET('/api/v1/device-types', { params: { query: { limit: 1000 } } }).then((r) => r.data!.items ?? []) : [],
      ]);
      return landing(me.user.customer, devices, types, can('stream.read'));
    },
  });
  // A view that staff chose for the customer comes before all.
  if (me.home) return <Navigate to={addressOf(me.home, me.user.customer) as string} replace />;
  // Where that cannot be found out, the panel says why.
  const place = to.data ?? (to.isError ? landing(me.user.customer, [], [], false) : undefined);
  return place ? <Navigate to={place as string} replace /> : <Center h="100%"><Loader /></Center>;
}
