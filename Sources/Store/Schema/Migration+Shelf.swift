extension Migration {
    // What shoppers look goods up by, taken out of the live units: a SKU is under its product, a product under
    // its categories and its brand. It can be made anew from the units at any time, as this does once.
    static let shelf = Migration(
        number: 8,
        sql: """
            CREATE TABLE shelf_mark (
                mark TEXT NOT NULL,
                entity INTEGER NOT NULL REFERENCES entity,
                PRIMARY KEY (mark, entity)) STRICT, WITHOUT ROWID;
            CREATE INDEX shelf_mark_entity ON shelf_mark (entity);

            CREATE TEMP TABLE live_unit AS
                SELECT unit.entity AS entity, entity.kind || '/' || name.text AS unit,
                    CAST(CASE change.live WHEN 1 THEN change.live_value ELSE change.value END AS TEXT) AS value
                FROM unit JOIN change ON change.seq = unit.seq JOIN name ON name.num = unit.name
                JOIN entity ON entity.num = unit.entity
                WHERE name.text IN ('identity', 'categories', 'brand');
            DELETE FROM live_unit WHERE value IS NULL;
            INSERT OR IGNORE INTO shelf_mark (mark, entity)
                SELECT 'product:' || json_extract(value, '$.product'), entity FROM live_unit
                WHERE unit = 'sku/identity' AND json_extract(value, '$.product') IS NOT NULL;
            INSERT OR IGNORE INTO shelf_mark (mark, entity)
                SELECT 'category:' || json_each.value, entity FROM live_unit, json_each(live_unit.value)
                WHERE unit = 'product/categories';
            INSERT OR IGNORE INTO shelf_mark (mark, entity)
                SELECT 'brand:' || json_extract(value, '$.id'), entity FROM live_unit
                WHERE unit = 'product/brand' AND json_extract(value, '$.id') IS NOT NULL;
            DROP TABLE live_unit;
            """)
}
