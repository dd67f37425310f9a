import { useQuery } from '@tanstack/react-query';
import { http } from '@/api/client';
import { useCan } from '@/api/session';

const usual: Record<string, string> = { gt06: '5023', h02: '5013', teltonika: '5027', osmand: '5055', owntracks: '5144' };

/** usePorts gives the port of a protocol: the one that is open here where one may see it, else the usual one. */
export function usePorts(): (protocol: string) => string {
  const can = useCan();
  const { data } = useQuery({
    queryKey: ['system', 'listeners'], enabled: can('system.read'), staleTime: 300_000, retry: false,
    queryFn: async () => (await http.GET('/api/v1/system')).data!.listeners,
  });
  return (protocol) => {
    const open = data?.find((l) => l.name === protocol || l.name.startsWith(`${protocol}/`) || l.name.startsWith(`${protocol} `));
    return open?.addr.match(/:(\d+)$/)?.[1] ?? usual[protocol] ?? '';
  };
}
