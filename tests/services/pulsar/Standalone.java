import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.pulsar.PulsarStandaloneStarter;
import org.apache.pulsar.metadata.api.MetadataStoreConfig;
import org.apache.pulsar.metadata.api.MetadataStoreFactory;

/**
 * Starts Pulsar's broker and bookie in one process: Pulsar's own starter, once what a killed process left registered is
 * forgotten.
 *
 * <p>Who is alive is kept as ephemeral nodes. A killed process can't take its own away, and RocksDB has no sessions that end:
 * they go when something next reads them. By then the bookie has registered again under the same name, so that the new
 * node goes with the old one; it registers once more, takes that deletion for another one, and so on for ever: hundreds of
 * times a second, half a core, and now and then "Not enough non-faulty bookies" when a ledger is opened between two of them.
 */
public final class Standalone {
    /** Arguments: the folder of the metadata, then what the starter takes. */
    public static void main(String[] arguments) throws Exception {
        // What its libraries tell java.util.logging of: nothing that can be acted on.
        Logger.getLogger("").setLevel(Level.SEVERE);
        var metadata = arguments[0];
        try (var store = MetadataStoreFactory.create("rocksdb://" + metadata, MetadataStoreConfig.builder().build())) {
            // Each opening is an instance of its own, and listing deletes what belongs to an earlier one, at any depth.
            store.getChildrenFromStore("/").get();
        }
        var rest = new String[arguments.length - 1];
        System.arraycopy(arguments, 1, rest, 0, rest.length);
        PulsarStandaloneStarter.main(rest);
    }
}
