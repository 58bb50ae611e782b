"""What a desk that is no longer in force may not go on with."""

from pds.store.interface import Connection, on_engine

_STATE = "SELECT listed, frozen FROM desks WHERE client_id = $1 AND desk = $2"
_STOP = "DELETE FROM access_tokens WHERE grant_id IN (SELECT id FROM grants WHERE client_id = $1 AND desk = $2)"


async def why_stopped(connection: Connection, client_id: str, desk: str) -> str:
    """`removed` or `frozen`, or `""` for a desk in force.

    On PostgreSQL the row stays locked, shared, to the end of the transaction: who issues a token for a desk and who
    stops that desk come one after the other.
    """
    locking = " FOR SHARE" if connection.capabilities.dialect == "postgres" else ""
    rows = await connection.execute_query_dict(on_engine(connection, _STATE) + locking, [client_id, desk])
    if not rows or not rows[0]["listed"]:
        return "removed"
    return "frozen" if rows[0]["frozen"] is not None else ""


async def stop_desk(connection: Connection, client_id: str, desk: str) -> None:
    """No read of what was granted at this desk that begins after the transaction has committed succeeds.

    Refresh tokens stay, for the day on which the desk is in force again: until then they are refused.
    """
    await connection.execute_query(on_engine(connection, _STOP), [client_id, desk])
