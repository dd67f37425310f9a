import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import { http, type Schemas } from '@/api/client';
import { userInput } from '@/api/inputs';
import { useT } from '@/i18n';

/** useSaveUser stores a change to one part of a person and leaves the rest. */
export function useSaveUser(user: Schemas['User']) {
  const t = useT();
  const client = useQueryClient();
  return async (change: Partial<Schemas['UserInput']>) => {
    await http.PUT('/api/v1/users/{id}', { params: { path: { id: user.id } }, body: userInput(user, change) });
    await client.invalidateQueries({ queryKey: ['users'] });
    notifications.show({ color: 'green', message: t('saved') });
  };
}
