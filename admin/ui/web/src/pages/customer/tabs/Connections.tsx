import { ConnectionsOf } from '@/pages/connections/List';
import type { TabProps } from '../tabs';

/** The customer's own brokers. */
export default function Connections({ customer }: TabProps) {
  return <ConnectionsOf owner={customer.id} />;
}
