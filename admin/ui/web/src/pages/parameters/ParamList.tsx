// One kind of parameter: its list, and a form in a window for a new one or a change.
import { Badge, Group, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import { IconCopy, IconEdit, IconEye, IconTrash } from '@tabler/icons-react';
import { useState, type ReactNode } from 'react';
import { useT } from '@/i18n';
import { confirmDelete } from '@/parts/ConfirmDelete';
import { RecordList, type Column } from '@/parts/RecordList';
import { RowButton } from '@/parts/RowButton';
import { useBook, type Book, type Head } from './book';
import { words } from './words';

export interface FormProps<R> {
  record?: R;
  /** It can only be looked at. */
  fixed?: boolean;
  onSave: (values: object) => Promise<unknown>;
  onClose: () => void;
}

interface Props<R extends Head> {
  book: Book<R>;
  title: string;
  /** How one is called, in lists without a name of their own. */
  nameOf: (r: R) => string;
  columns: Column<R>[];
  newLabel: string;
  empty: { title: string; text: string };
  form: (p: FormProps<R>) => ReactNode;
  filter?: (r: R) => boolean;
  /** A built-in one is changed as a copy. */
  copy?: (r: R) => R;
  searchable?: boolean;
}

export function ParamList<R extends Head>({ book, title, nameOf, columns, newLabel, empty, form: Form, filter, copy, searchable }: Props<R>) {
  const t = useT(words);
  const client = useQueryClient();
  const b = useBook(book);
  const [open, setOpen] = useState<{ record?: R; from?: R }>();
  const close = () => setOpen(undefined);
  const remove = (r: R) => confirmDelete(t as never, nameOf(r), t('deleteText'), () => b.remove(r), () => client.invalidateQueries({ queryKey: [book.path] }));
  const first: Column<R> = {
    key: 'name', label: t('name'), render: (r) => <Group gap={6} wrap="nowrap"><Text size="sm" fw={600}>{nameOf(r)}</Text>{r.builtIn && <Badge variant="default" tt="none" fw={500} miw="max-content">{t('builtIn')}</Badge>}</Group>,
  };
  const edits = (r: R) => b.mayEdit && !r.builtIn;
  return (
    <>
      <RecordList<R> name={book.path} level={2} scope={title} title={title} columns={[first, ...columns]} rowKey={(r) => r.id} searchable={searchable}
        load={async (query) => { const page = await b.list(filter ? { ...query, limit: 1000 } : query); return filter ? { ...page, items: page.items.filter(filter) } : page; }}
        newLabel={newLabel} onNew={b.mayAdd ? () => setOpen({}) : undefined} onOpen={(r) => setOpen({ record: r })} empty={empty}
        rowActions={(r) => (
          <>
            {copy && b.mayAdd && <RowButton label={`${t('duplicate')}: ${nameOf(r)}`} icon={IconCopy} onClick={() => setOpen({ from: copy(r) })} />}
            {edits(r) ? <RowButton label={`${t('edit')}: ${nameOf(r)}`} icon={IconEdit} color="green" onClick={() => setOpen({ record: r })} /> : <RowButton label={`${t('view')}: ${nameOf(r)}`} icon={IconEye} onClick={() => setOpen({ record: r })} />}
            {b.mayDelete && !r.builtIn && <RowButton label={`${t('delete')}: ${nameOf(r)}`} icon={IconTrash} color="red" onClick={() => remove(r)} />}
          </>
        )} />
      {open && (
        <Form record={open.record ?? open.from} fixed={Boolean(open.record && !edits(open.record))} onClose={close}
          onSave={async (v) => { await b.save(open.record, v); notifications.show({ color: 'green', message: t('saved') }); }} />
      )}
    </>
  );
}
