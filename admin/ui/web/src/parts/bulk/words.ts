import { texts } from '@/i18n';
import { jobWords } from '@/app/jobs/words';

export const bulkWords = texts({
  more: ['New: import or export', 'Nuevo: importar o exportar', 'Novo: importar ou exportar', 'Nouveau : importer ou exporter'],
  exportFormat: ['Export format', 'Formato de exportación', 'Formato de exportação', 'Format d’export'],
  importFormat: ['Import format', 'Formato de importación', 'Formato de importação', 'Format d’import'],
  empty: ['Empty', 'Vacío', 'Vazio', 'Vide'],
  emptyPeople: ['To create people, with their relations. The file comes at once.', 'Para crear personas, con sus relaciones. El archivo llega de inmediato.', 'Para criar pessoas, com suas relações. O arquivo vem na hora.', 'Pour créer des personnes, avec leurs relations. Le fichier arrive aussitôt.'],
  emptyOther: ['To create records. The file comes at once.', 'Para crear registros. El archivo llega de inmediato.', 'Para criar registros. O arquivo vem na hora.', 'Pour créer des enregistrements. Le fichier arrive aussitôt.'],
  data: ['With data', 'Con datos', 'Com dados', 'Avec données'],
  dataText: ['To update what there is, and associate it.', 'Para actualizar lo que hay y asociarlo.', 'Para atualizar o que existe e associar.', 'Pour mettre à jour l’existant et l’associer.'],
  dataNoRelations: ['With data, without relations', 'Con datos, sin relaciones', 'Com dados, sem relações', 'Avec données, sans relations'],
  dataNoShifts: ['With data, without relations or shifts', 'Con datos, sin relaciones ni turnos', 'Com dados, sem relações nem turnos', 'Avec données, sans relations ni équipes'],
  noRelationsText: ['To update the fields alone.', 'Para actualizar solo los campos.', 'Para atualizar só os campos.', 'Pour ne mettre à jour que les champs.'],
  kind: ['File type', 'Tipo de archivo', 'Tipo de arquivo', 'Type de fichier'],
  what: ['What to export', 'Qué exportar', 'O que exportar', 'Quoi exporter'],
  zip: ['With data you get a zip archive with one Excel file for each 7,000 records. The sheet Information says what each column is for.', 'Con datos recibe un archivo zip con un Excel por cada 7.000 registros. La hoja Información explica cada columna.', 'Com dados você recebe um zip com um Excel para cada 7.000 registros. A planilha Informações explica cada coluna.', 'Avec données, vous recevez une archive zip avec un fichier Excel par 7 000 enregistrements. La feuille Informations explique chaque colonne.'],
  file: ['File', 'Archivo', 'Arquivo', 'Fichier'],
  fileHint: ['Excel (.xlsx) or CSV, up to 100,000 rows', 'Excel (.xlsx) o CSV, hasta 100.000 filas', 'Excel (.xlsx) ou CSV, até 100.000 linhas', 'Excel (.xlsx) ou CSV, jusqu’à 100 000 lignes'],
  choose: ['Choose a file', 'Elija un archivo', 'Escolha um arquivo', 'Choisissez un fichier'],
  passwordsText: ['Passwords in the file obey the same rules as on the form:', 'Las contraseñas del archivo siguen las mismas reglas que el formulario:', 'As senhas do arquivo seguem as mesmas regras do formulário:', 'Les mots de passe du fichier suivent les mêmes règles que le formulaire :'],
  rowsText: ['Rows that can go in do; those that cannot come back in a file with the reason beside each.', 'Las filas correctas entran; las demás vuelven en un archivo con el motivo al lado.', 'As linhas corretas entram; as demais voltam num arquivo com o motivo ao lado.', 'Les lignes correctes entrent ; les autres reviennent dans un fichier avec la raison à côté.'],
  chooseCompany: ['Choose a company at the top right first.', 'Primero elija una empresa arriba a la derecha.', 'Primeiro escolha uma empresa no canto superior direito.', 'Choisissez d’abord une entreprise en haut à droite.'],
  scheduled: jobWords.scheduled,
});
