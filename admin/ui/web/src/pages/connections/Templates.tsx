import { Badge, Group, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { IconEdit, IconTrash } from '@tabler/icons-react';
import { useState, type ReactNode } from 'react';
import { http } from '@/api/client';
import { useCan } from '@/api/session';
import { useT } from '@/i18n';
import { confirmDelete } from '@/parts/ConfirmDelete';
import { RecordList, type Column } from '@/parts/RecordList';
import { RowButton } from '@/parts/RowButton';
import { TemplateForm } from './ConnectionForm';
import type { Template } from './data';
import { words } from './words';

/** The templates of the company's connections. */
export function ConnectionTemplates({ filters, level }: { filters?: ReactNode; level?: 3 }) {
  const t = useT(words);
  const can = useCan();
  const client = useQueryClient();
  const [doing, setDoing] = useState<Template | 'new'>();
  const may = can('connectionTemplate.update');
  const columns: Column<Template>[] = [
    { key: 'name', label: t('name'), render: (k) => <Group gap={6}><Text size="sm" fw={600}>{k.name}</Text>{k.isDefault && <Badge size="sm" variant="light" tt="none">{t('isDefault')}</Badge>}</Group> },
    { key: 'url', label: t('url'), render: (k) => <Text size="sm" ff="monospace">{k.url}</Text> },
    { key: 'topics', label: t('topics'), render: (k) => <Text size="sm" ff="monospace">{k.topics?.join(', ')}</Text> },
  ];
  const remove = (k: Template) => confirmDelete(t as never, k.name, t('deleteTemplateText'), () => http.DELETE('/api/v1/connection-templates/{id}', { params: { path: { id: k.id }, query: { version: k.version } } }), () => void client.invalidateQueries({ queryKey: ['connection-templates'] }));
  return (
    <>
      <RecordList name="connection-templates" level={level} title={t('templates')} columns={columns} rowKey={(k) => k.id} filters={filters}
        load={async ({ limit, after, search }) => (await http.GET('/api/v1/connection-templates', { params: { query: { limit, after, search } } })).data!}
        newLabel={t('newTemplate')} onNew={can('connectionTemplate.create') ? () => setDoing('new') : undefined} onOpen={may ? setDoing : undefined}
        rowActions={may ? (k) => (
          <>
            <RowButton label={t('edit')} icon={IconEdit} color="green" onClick={() => setDoing(k)} />
            <RowButton label={t('delete')} icon={IconTrash} color="red" onClick={() => remove(k)} />
          </>
        ) : undefined}
        empty={{ title: t('noTemplates'), text: t('noTemplatesText') }} />
      {doing && <TemplateForm template={doing === 'new' ? undefined : doing} onClose={() => setDoing(undefined)} />}
    </>
  );
}
