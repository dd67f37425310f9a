// One customer, and what is said when it changed.
import { notifications } from '@mantine/notifications';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { http, type Schemas } from '@/api/client';
import { useT } from '@/i18n';
import { changed } from '@/pages/customers/form/values';

export type Customer = Schemas['Customer'];

export function useCustomer(id: string) {
  return useQuery({ queryKey: ['customer', id], queryFn: async () => (await http.GET('/api/v1/customers/{id}', { params: { path: { id } } })).data! });
}

/** useSaved refreshes what shows a customer, after the lists named by their keys. */
export function useSaved(id: string) {
  const t = useT();
  const client = useQueryClient();
  return async (...lists: string[]) => {
    await Promise.all([...lists.map((name) => client.invalidateQueries({ queryKey: [name] })), client.invalidateQueries({ queryKey: ['customer', id] }), client.invalidateQueries({ queryKey: ['customers'] })]);
    notifications.show({ color: 'green', message: t('saved') });
  };
}

/** useChange sets a few fields of a customer and leaves the rest as it is. */
export function useChange(customer: Customer) {
  const saved = useSaved(customer.id);
  return async (change: Partial<Schemas['CustomerInput']>) => {
    await http.PUT('/api/v1/customers/{id}', { params: { path: { id: customer.id } }, body: changed(customer, change) });
    await saved();
  };
}
