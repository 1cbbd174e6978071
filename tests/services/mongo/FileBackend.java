import de.bwaldvogel.mongo.backend.h2.H2Backend;
import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.wire.message.MongoMessage;
import java.util.Set;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.h2.mvstore.MVStore;

/**
 * Keeps documents in a file such that a killed server has lost nothing that it acknowledged, and holds no half of a command.
 *
 * <p>The library's own backend lets its store commit by itself each second: what was acknowledged since is lost by a kill, and
 * a commit amid a command keeps an index's half of it. Here a command that may write runs alone and is committed before its
 * answer leaves. Commits are written, not synced: they survive the process, not the machine.
 */
final class FileBackend extends H2Backend {
    /** Commands that only read run side by side; any other may write. */
    private static final Set<String> READING = Set.of("find", "getMore", "count", "distinct", "killCursors", "endSessions",
        "hello", "isMaster", "ismaster", "ping", "buildInfo", "listCollections", "listDatabases", "listIndexes");
    /** Each commit appends the pages that it changed; superseded ones are given back after so many. */
    private static final int COMMITS_PER_COMPACTION = 1_000;
    /** Chunks with less than this share of live pages, in percent, are rewritten, at most so many bytes each time. */
    private static final int COMPACTION_FILL_RATE = 50;
    private static final int COMPACTION_BYTES = 16 << 20;
    /** How long a superseded chunk stays, which only a machine that may lose unsynced writes would need. */
    private static final int RETENTION_MILLISECONDS = 0;

    private final ReadWriteLock lock = new ReentrantReadWriteLock();
    private int commits;

    FileBackend(String file) {
        super(open(file));
    }

    private static MVStore open(String file) {
        var store = new MVStore.Builder().fileName(file).autoCommitDisabled().open();
        store.setRetentionTime(RETENTION_MILLISECONDS);
        return store;
    }

    @Override
    public Document handleMessage(MongoMessage message) {
        var command = message.getDocument().keySet().iterator().next();
        var held = READING.contains(command) ? lock.readLock() : lock.writeLock();
        held.lock();
        try {
            var answer = super.handleMessage(message);
            if (!READING.contains(command)) {
                commitWritten();
            }
            return answer;
        } finally {
            held.unlock();
        }
    }

    private void commitWritten() {
        getMvStore().commit();
        commits += 1;
        if (commits % COMMITS_PER_COMPACTION == 0) {
            getMvStore().compact(COMPACTION_FILL_RATE, COMPACTION_BYTES);
        }
    }
}
