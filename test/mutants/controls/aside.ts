/** Events that the log set aside: for no policy are they events that were just written (`sql`). */
import type { Control } from "../control.ts";

/** From a policy's name to the line that it shares with others, which is taken out. */
const without = (file: string, control: string, threat: string, find: string): Control => ({
  control,
  threat: [threat],
  file: `sql/${file}.sql`,
  find,
  replace: find.replace(/\s+AND e\.aside IS NULL| AND aside IS NULL/, ""),
  tests: ["test/attack/conditions.test.ts"],
});

export const ASIDE: readonly Control[] = [
  without(
    "000002",
    "A document of an incident stands beside no event that was set aside",
    "T12",
    `CREATE POLICY recorded ON incident_document FOR INSERT TO pb_staff WITH CHECK (
  EXISTS (
    SELECT FROM event e
    WHERE e.id = incident_document.event
      AND e.leaf IS NULL
      AND e.aside IS NULL`,
  ),
  without(
    "000002",
    "A release stands beside no event that was set aside",
    "T12",
    `CREATE POLICY starting ON release FOR INSERT TO pb_staff WITH CHECK (
  expires_at BETWEEN now() AND now() + interval '1 hour'
  AND EXISTS (
    SELECT FROM event e
    WHERE e.id = release.event
      AND e.leaf IS NULL
      AND e.aside IS NULL`,
  ),
  without(
    "000002",
    "Nothing is added to a release whose event was set aside",
    "T12",
    `CREATE POLICY starting ON release_item FOR INSERT TO pb_staff WITH CHECK (
  EXISTS (
    SELECT FROM release r JOIN event e ON e.id = r.event
    WHERE r.id = release_item.release
      AND e.leaf IS NULL
      AND e.aside IS NULL`,
  ),
  without(
    "000002",
    "A reading stands beside no event that was set aside",
    "T12",
    `CREATE POLICY starting ON reading FOR INSERT TO pb_staff WITH CHECK (
  opened_at IS NULL
  AND EXISTS (
    SELECT FROM release r
    JOIN event e ON e.id = r.event
    WHERE r.id = reading.release
      AND r.part = reading.part
      AND r.body = reading.body
      AND e.at = reading.at
      AND e.leaf IS NULL
      AND e.aside IS NULL`,
  ),
  without(
    "000002",
    "An event that was set aside is shown to no process as one just written",
    "T7",
    `CREATE POLICY returned ON event FOR SELECT TO pb_public
  USING (leaf IS NULL AND aside IS NULL`,
  ),
  without(
    "000003",
    "An act of an incident stands beside no event that was set aside",
    "T37",
    `CREATE POLICY recorded ON incident_act FOR INSERT TO pb_staff WITH CHECK (
  proof IS NULL
  AND EXISTS (
    SELECT FROM event e
    WHERE e.id = incident_act.event
      AND e.leaf IS NULL
      AND e.aside IS NULL`,
  ),
  without(
    "000003",
    "A report stands beside no event that was set aside",
    "T37",
    `CREATE POLICY making ON incident_report FOR INSERT TO pb_staff WITH CHECK (
  EXISTS (
    SELECT FROM event e
    WHERE e.id = incident_report.event
      AND e.leaf IS NULL
      AND e.aside IS NULL`,
  ),
  without(
    "000003",
    "A notice stands beside no event that was set aside",
    "T37",
    `CREATE POLICY publishing ON public_notice FOR INSERT TO pb_staff WITH CHECK (
  withdrawn_at IS NULL
  AND EXISTS (
    SELECT FROM event e
    WHERE e.id = public_notice.event
      AND e.leaf IS NULL
      AND e.aside IS NULL`,
  ),
  without(
    "000003",
    "A notice is not taken back beside an event that was set aside",
    "T37",
    `CREATE POLICY withdrawing ON public_notice FOR UPDATE TO pb_staff
  USING (withdrawn_at IS NULL) WITH CHECK (
    withdrawn_at IS NOT NULL
    AND EXISTS (
      SELECT FROM event e
      WHERE e.leaf IS NULL
        AND e.aside IS NULL`,
  ),
  without(
    "000003",
    "A pack stands beside no event that was set aside",
    "T37",
    `CREATE POLICY packing ON incident_pack FOR UPDATE TO pb_staff USING (event IS NULL) WITH CHECK (
  event IS NULL
  OR EXISTS (
    SELECT FROM event e
    WHERE e.id = incident_pack.event
      AND e.leaf IS NULL
      AND e.aside IS NULL`,
  ),
  without(
    "000003",
    "Letters are not held back beside an event that was set aside",
    "M6",
    `CREATE POLICY held ON mailing FOR UPDATE TO pb_staff USING (body IS NOT NULL) WITH CHECK (
  EXISTS (
    SELECT FROM event e
    WHERE e.leaf IS NULL
      AND e.aside IS NULL`,
  ),
  without(
    "000003",
    "What came back is not judged beside an event that was set aside",
    "M5",
    `CREATE POLICY judged ON returned_mail FOR UPDATE TO pb_staff
  USING (said IS NULL) WITH CHECK (
    EXISTS (
      SELECT FROM event e
      WHERE e.leaf IS NULL
        AND e.aside IS NULL`,
  ),
  without(
    "000003",
    "The jobs login sees no event that was set aside as one just written",
    "T7",
    "CREATE POLICY just_written ON event FOR SELECT TO pb_jobs USING (leaf IS NULL AND aside IS NULL",
  ),
  without(
    "000004",
    "A finding stands beside no event that was set aside",
    "T34",
    `CREATE POLICY opening ON finding FOR INSERT TO pb_staff WITH CHECK (
  closed_at IS NULL
  AND EXISTS (
    SELECT FROM event e
    WHERE e.id = finding.opened_event
      AND e.kind = 'finding.opened'
      AND e.leaf IS NULL
      AND e.aside IS NULL`,
  ),
  without(
    "000004",
    "A finding is not over beside an event that was set aside",
    "T34",
    `CREATE POLICY closing ON finding FOR UPDATE TO pb_staff USING (closed_at IS NULL) WITH CHECK (
  closed_at IS NULL
  OR EXISTS (
    SELECT FROM event e
    WHERE e.id = finding.closed_event
      AND e.kind = 'finding.closed'
      AND e.leaf IS NULL
      AND e.aside IS NULL`,
  ),
  without(
    "000004",
    "A marker stands beside no event that was set aside",
    "T34",
    `CREATE POLICY planting ON marker FOR INSERT TO pb_staff WITH CHECK (
  EXISTS (
    SELECT FROM event e WHERE e.id = marker.event AND e.kind = 'marker.planted' AND e.leaf IS NULL AND e.aside IS NULL`,
  ),
  without(
    "000002",
    "An erasure is not decided beside an event that was set aside",
    "T39",
    `    WHERE e.id = erasure.event
      AND e.leaf IS NULL
      AND e.aside IS NULL`,
  ),
  without(
    "000002",
    "No act is put beside an event that was set aside",
    "T37",
    "WITH CHECK (EXISTS (SELECT FROM event e WHERE e.id = act.event AND e.leaf IS NULL AND e.aside IS NULL",
  ),
];
