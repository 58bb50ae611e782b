"""A batch of reads as one function inside PostgreSQL: one round trip and one commit for all that wait.

A migration installs it. To change it, change it here and add a migration that runs it again.
"""

# Each statement of a volatile function sees what had committed when that statement began (READ COMMITTED). So the
# grants are locked by a first statement and looked at by a later one: a single statement, even with a CTE, would return
# the disclosure of its own beginning after having waited for a publish or a revoke to commit.
READ_BATCH = """
CREATE OR REPLACE FUNCTION log_head(
    grant_id text, n bigint, prev text, at bigint, kind text, revision bigint, evidence text
) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT translate(encode(sha256(convert_to(
        '["pds/v1","log","' || grant_id || '",' || n || ',"' || prev || '",' || at || ',"' || kind || '",' || revision
        || ',"' || CASE WHEN evidence = '' THEN '' ELSE
            translate(encode(sha256(convert_to(evidence, 'UTF8')), 'base64'), '+/=', '-_')
        END || '"]', 'UTF8')), 'base64'), '+/=', '-_')
$$;

CREATE OR REPLACE FUNCTION read_batch(
    tokens text[], jkts text[], marks text[], mark_expires bigint[], proofs text[], nows bigint[], tags text[]
) RETURNS TABLE (job bigint, outcome text, of_grant text, at_revision bigint, at_n bigint, at_head text, jwe text)
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    locked text[];
    firsts bigint[];
    asked record;
    current text;
    c_n bigint;
    c_head text;
    c_at bigint;
    c_state text;
    c_first bigint;
    c_first_jkt text;
    c_at_read bigint;
    entry_kind text;
    g_ids text[] := '{}';
    g_ns bigint[] := '{}';
    g_heads text[] := '{}';
    g_ats bigint[] := '{}';
    g_reads bigint[] := '{}';
    g_states text[] := '{}';
    g_firsts bigint[] := '{}';
    g_first_jkts text[] := '{}';
    g integer := 0;
    l_ids text[] := '{}';
    l_ns bigint[] := '{}';
    l_prevs text[] := '{}';
    l_ats bigint[] := '{}';
    l_kinds text[] := '{}';
    l_revisions bigint[] := '{}';
    l_evidences text[] := '{}';
BEGIN
    -- Everybody locks in the order of the ids' bytes, so nobody waits in a circle.
    SELECT array_agg(x.id) INTO locked FROM (
        SELECT w.id FROM grants w
        WHERE w.id IN (SELECT t.grant_id FROM access_tokens t WHERE t.digest = ANY (tokens))
        ORDER BY w.id COLLATE "C" FOR NO KEY UPDATE OF w
    ) x;

    -- Of two equal proofs in one batch the earlier is the first use; of two in two batches, whose insert was first.
    WITH wanted AS MATERIALIZED (
        SELECT DISTINCT ON (u.mark) u.mark, u.expires, u.job
        FROM unnest(tokens, jkts, marks, mark_expires, nows) WITH ORDINALITY AS u (token, jkt, mark, expires, now, job)
        JOIN access_tokens t ON t.digest = u.token AND t.jkt = u.jkt AND t.expires > u.now
        ORDER BY u.mark, u.job
    ), fresh AS (
        INSERT INTO seen (mark, expires) SELECT w.mark, w.expires FROM wanted w ORDER BY w.mark COLLATE "C"
        ON CONFLICT DO NOTHING RETURNING seen.mark
    )
    SELECT coalesce(array_agg(w.job), '{}') INTO firsts FROM wanted w JOIN fresh f ON f.mark = w.mark;

    FOR asked IN
        SELECT u.job, u.jkt, u.proof, u.now, u.tags, t.jkt AS token_jkt, t.expires, w.id, w.once, w.ends, w.state,
               w.revision, w.n, w.head, w.last_at, w.first_read, w.first_read_jkt, w.paused, w.disclosure, s.suspended
        FROM unnest(tokens, jkts, proofs, nows, tags) WITH ORDINALITY AS u (token, jkt, proof, now, tags, job)
        JOIN access_tokens t ON t.digest = u.token
        JOIN grants w ON w.id = t.grant_id AND w.id = ANY (locked)
        LEFT JOIN services s ON s.client_id = w.client_id
        ORDER BY w.id, u.job
    LOOP
        job := asked.job;
        of_grant := asked.id;
        at_revision := asked.revision;
        at_n := NULL;
        at_head := NULL;
        jwe := NULL;
        IF current IS DISTINCT FROM asked.id THEN
            current := asked.id;
            c_n := asked.n;
            c_head := asked.head;
            c_at := asked.last_at;
            c_state := asked.state;
            c_first := asked.first_read;
            c_first_jkt := asked.first_read_jkt;
            c_at_read := NULL;
        END IF;
        -- The twin of `_read` in sqlite.py: the same questions in the same order.
        outcome := CASE
            WHEN asked.expires <= asked.now THEN 'no_token'
            WHEN asked.token_jkt <> asked.jkt THEN 'wrong_key'
            WHEN NOT (asked.job = ANY (firsts)) THEN 'replayed'
            WHEN asked.suspended IS DISTINCT FROM false OR asked.now >= asked.ends THEN 'ended'
            WHEN c_state <> 'active' AND NOT coalesce(
                greatest(asked.now, c_at) < c_first + 60 AND c_first_jkt = asked.jkt, false) THEN 'ended'
            WHEN asked.disclosure IS NULL THEN 'no_data'
            WHEN asked.paused THEN 'paused'
            WHEN asked.tags = '*' OR strpos(asked.tags, ' "' || asked.id || '.' || asked.revision || '" ') > 0
                THEN 'read_unchanged'
            ELSE 'read'
        END;
        IF outcome IN ('read', 'read_unchanged') THEN
            IF c_at_read IS NULL THEN
                g := g + 1;  -- the first entry for this grant in this batch
            END IF;
            c_at := greatest(asked.now, c_at);
            c_at_read := c_at;
            FOREACH entry_kind IN ARRAY CASE
                WHEN asked.once AND c_state = 'active' AND outcome = 'read' THEN ARRAY['read', 'finished']
                ELSE ARRAY[outcome]
            END LOOP
                c_n := c_n + 1;
                l_ids := l_ids || asked.id::text;
                l_ns := l_ns || c_n;
                l_prevs := l_prevs || c_head;
                l_ats := l_ats || c_at;
                l_kinds := l_kinds || entry_kind;
                l_revisions := l_revisions || asked.revision;
                l_evidences := l_evidences || CASE WHEN entry_kind = 'finished' THEN '' ELSE asked.proof END;
                c_head := log_head(
                    asked.id, c_n, c_head, c_at, entry_kind, asked.revision, l_evidences[cardinality(l_evidences)]
                );
                IF entry_kind = 'finished' THEN
                    c_state := 'ended';
                    c_first := c_at;
                    c_first_jkt := asked.jkt;
                END IF;
            END LOOP;
            g_ids[g] := asked.id;
            g_ns[g] := c_n;
            g_heads[g] := c_head;
            g_ats[g] := c_at;
            g_reads[g] := c_at_read;
            g_states[g] := c_state;
            g_firsts[g] := c_first;
            g_first_jkts[g] := c_first_jkt;
            at_n := c_n;
            at_head := c_head;
            IF outcome = 'read' THEN
                jwe := asked.disclosure;
            END IF;
        END IF;
        RETURN NEXT;
    END LOOP;

    IF g > 0 THEN
        INSERT INTO log_entries (grant_id, n, prev, at, kind, revision, evidence)
            SELECT * FROM unnest(l_ids, l_ns, l_prevs, l_ats, l_kinds, l_revisions, l_evidences);
        UPDATE grants w SET n = u.n, head = u.head, last_at = u.at, last_read = u.read, state = u.state,
            first_read = u.first, first_read_jkt = u.first_jkt
        FROM unnest(g_ids, g_ns, g_heads, g_ats, g_reads, g_states, g_firsts, g_first_jkts)
            AS u (id, n, head, at, read, state, first, first_jkt)
        WHERE w.id = u.id;
    END IF;
END
$$;
"""
DROP_READ_BATCH = """
DROP FUNCTION IF EXISTS read_batch(text[], text[], text[], bigint[], text[], bigint[], text[]);
DROP FUNCTION IF EXISTS log_head(text, bigint, text, bigint, text, bigint, text);
"""
