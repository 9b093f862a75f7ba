-- Ids of CDRs are compared without case in every version (src/gateway/keys.ts).
UPDATE OR IGNORE `objects` SET `id_key` = upper(`id_key`) WHERE `module` = 'cdrs' AND `id_key` <> upper(`id_key`);
