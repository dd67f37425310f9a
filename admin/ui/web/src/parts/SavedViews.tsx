// Lists that are looked at again and again: a list's search, filters, order and
// columns are kept under a name and come back with one click.
import { Button, Menu, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { notifications } from '@mantine/notifications';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { IconBookmark, IconBookmarkPlus, IconCheck, IconListDetails } from '@tabler/icons-react';
import { useState } from 'react';
import { http, type Schemas } from '@/api/client';
import { useCan, useMe } from '@/api/session';
import { isStaff } from '@/app/menu';
import { texts, useT } from '@/i18n';
import { addressOf, pathOf, viewOf, type Asked, type ListScreen } from '@/pages/views/address';
import { filled } from './clean';
import { FormDialog } from './FormDialog';

const words = texts({
  views: ['Views', 'Vistas', 'Visões', 'Vues'],
  saveThis: ['Save this view', 'Guardar esta vista', 'Salvar esta visão', 'Enregistrer cette vue'],
  whole: ['The whole list', 'La lista completa', 'A lista completa', 'La liste entière'],
  manage: ['All views', 'Todas las vistas', 'Todas as visões', 'Toutes les vues'],
  saved: ['View saved', 'Vista guardada', 'Visão salva', 'Vue enregistrée'],
});

interface Props {
  screen: ListScreen;
  /** What the list shows now. */
  asked: Asked;
  /** The columns that are shown. */
  columns: string[];
  /** Another view was chosen; what it searches for. */
  onGo: (search: string) => void;
}

export function SavedViews({ screen, asked, columns, onGo }: Props) {
  const t = useT(words);
  const can = useCan(), staff = isStaff(useMe());
  const navigate = useNavigate();
  const [saving, setSaving] = useState(false);
  const views = useQuery({
    queryKey: ['views', 'of', screen], enabled: can('view.read'), staleTime: 60_000,
    queryFn: async () => (await http.GET('/api/v1/views', { params: { query: { limit: 1000 } } })).data!.items.filter((v) => v.screen === screen),
  }).data ?? [];
  const may = can('view.create');
  if (!can('view.read') || (!may && !views.length)) return null;
  const here = addressOf(viewOf(screen, asked, asked.columns ? columns : undefined));
  const active = views.find((v) => addressOf(v) === here);
  const go = (address: string, search = '') => { onGo(search); void navigate({ to: address as string }); };
  return (
    <>
      <Menu position="bottom-end" width={250}>
        <Menu.Target><Button variant="default" px="sm" leftSection={<IconBookmark size={16} />} maw={220} ml="auto">{active?.name ?? t('views')}</Button></Menu.Target>
        <Menu.Dropdown>
          {views.map((v) => <Menu.Item key={v.id} leftSection={v === active ? <IconCheck size={16} /> : <IconBookmark size={16} />} aria-current={v === active || undefined} onClick={() => go(addressOf(v), v.filter?.search)}>{v.name}</Menu.Item>)}
          {here !== pathOf[screen] && <Menu.Item leftSection={<IconListDetails size={16} />} onClick={() => go(pathOf[screen])}>{t('whole')}</Menu.Item>}
          {(views.length > 0 || here !== pathOf[screen]) && (may || staff) && <Menu.Divider />}
          {may && <Menu.Item leftSection={<IconBookmarkPlus size={16} />} onClick={() => setSaving(true)}>{t('saveThis')}…</Menu.Item>}
          {staff && <Menu.Item onClick={() => go('/views')}>{t('manage')}</Menu.Item>}
        </Menu.Dropdown>
      </Menu>
      {saving && <Save view={viewOf(screen, asked, columns)} onSaved={(v) => go(addressOf(v), v.filter?.search)} onClose={() => setSaving(false)} />}
    </>
  );
}

function Save({ view, onSaved, onClose }: { view: Omit<Schemas['View'], 'name' | 'id' | 'company' | 'created' | 'updated'>; onSaved: (v: Schemas['View']) => void; onClose: () => void }) {
  const t = useT(words);
  const client = useQueryClient();
  const form = useForm({ initialValues: { name: '' }, validate: { name: filled(t('required')) } });
  const save = async ({ name }: { name: string }) => {
    const { data } = await http.POST('/api/v1/views', { body: { ...view, name } as Schemas['View'] });
    await client.invalidateQueries({ queryKey: ['views'] });
    notifications.show({ color: 'green', message: t('saved') });
    onSaved(data!);
  };
  return (
    <FormDialog opened onClose={onClose} title={t('saveThis')} form={form} onSubmit={save} size="sm">
      <TextInput label={t('name')} required data-autofocus maxLength={120} {...form.getInputProps('name')} />
    </FormDialog>
  );
}
