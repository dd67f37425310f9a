// Beside "New" in a list: many records at once, out to a table and in from one.
import { ActionIcon, Menu } from '@mantine/core';
import { IconChevronDown, IconFileExport, IconFileImport } from '@tabler/icons-react';
import { useState } from 'react';
import type { Schemas } from '@/api/client';
import { useCan } from '@/api/session';
import { useT } from '@/i18n';
import { ExportDialog } from './ExportDialog';
import { ImportDialog } from './ImportDialog';
import { bulkWords } from './words';

export type BulkOf = Schemas['Job']['of'];

const objects: Record<BulkOf, string> = { users: 'bulkUsers', operators: 'bulkOperators', customers: 'bulkCustomers', devices: 'bulkDevices' };

/** useBulk is the menu for a list, or undefined for who may not use it. */
export function useBulk(of: BulkOf) {
  const can = useCan();
  const may = { out: can(`${objects[of]}.read`) && can('job.read'), in: can(`${objects[of]}.create`) && can('job.read') };
  return may.out || may.in ? <BulkMenu of={of} may={may} /> : undefined;
}

function BulkMenu({ of, may }: { of: BulkOf; may: { out: boolean; in: boolean } }) {
  const t = useT(bulkWords);
  const [open, setOpen] = useState<'export' | 'import'>();
  const close = () => setOpen(undefined);
  return (
    <>
      <Menu position="bottom-end" width={220}>
        <Menu.Target><ActionIcon size={36} variant="default" aria-label={t('more')}><IconChevronDown size={18} /></ActionIcon></Menu.Target>
        <Menu.Dropdown>
          {may.in && <Menu.Item leftSection={<IconFileImport size={17} />} onClick={() => setOpen('import')}>{t('importFormat')}</Menu.Item>}
          {may.out && <Menu.Item leftSection={<IconFileExport size={17} />} onClick={() => setOpen('export')}>{t('exportFormat')}</Menu.Item>}
        </Menu.Dropdown>
      </Menu>
      {open === 'export' && <ExportDialog of={of} onClose={close} />}
      {open === 'import' && <ImportDialog of={of} onClose={close} />}
    </>
  );
}
