package io.quorate.tool;

import static io.quorate.tool.Option.optional;
import static io.quorate.tool.Option.required;

import io.quorate.backup.SnapshotException;
import io.quorate.bbolt.BboltException;
import io.quorate.migrate.EtcdDirectory;
import io.quorate.migrate.EtcdMigration;
import io.quorate.migrate.EtcdSeal;
import io.quorate.migrate.MigrationException;
import io.quorate.node.wal.WalCorruptException;
import io.quorate.tool.Tool.ToolException;
import java.nio.file.Path;
import java.util.List;
import lombok.RequiredArgsConstructor;

/** The directory of a member from that of a stopped etcd. */
@RequiredArgsConstructor
final class Migrate {

    static final Command COMMAND = Command.offline(
            "migrate",
            """
                    Makes the data directory of a member from that of a stopped etcd, with all that its log has and its
                    database has not. Ids stay: members that are all migrated come up as the same cluster. The old directory
                    stays as it is. From an etcd that runs: see 'quorate migrate --follow --help'.""",
            List.of(
                    required("from", "DIR", "data directory of the etcd, which must not run"),
                    optional("from-wal-dir", "DIR", "directory of its log, if that is elsewhere"),
                    required("data-dir", "DIR", "data directory of the new member, missing or empty"),
                    optional("wal-dir", "DIR", "directory of its log, if that is to be elsewhere")));

    private static final String SEALED =
            "the etcd was sealed by 'migrate --finish --seal', so the member refuses writes (alarm CORRUPT of member "
                    + EtcdSeal.MEMBER
                    + "): if no other cluster has taken over, run 'etcdctl alarm disarm' once it runs";

    private final Options options;

    /** From a directory, or from an etcd that runs if the arguments say so. */
    static int runNamed(List<String> arguments) {
        return FollowCommand.isNamedBy(arguments)
                ? FollowCommand.COMMAND.run(arguments, FollowCommand::work)
                : COMMAND.run(arguments, options -> new Migrate(options).run());
    }

    /** @throws ToolException if it cannot be done; then there is no new member */
    String run() {
        EtcdDirectory usual = EtcdDirectory.of(Path.of(options.required("from")));
        EtcdDirectory source = new EtcdDirectory(
                usual.data(), options.optional("from-wal-dir").map(Path::of).orElse(usual.log()));
        Path target = Path.of(options.required("data-dir"));
        Path log = options.optional("wal-dir").map(Path::of).orElse(null);
        try {
            return describe(new EtcdMigration(source, target, log).run(), target);
        } catch (MigrationException | SnapshotException e) {
            throw new ToolException(String.valueOf(e.getMessage()));
        } catch (BboltException damaged) {
            throw new ToolException("The database of the etcd is damaged " + damaged.getMessage());
        } catch (WalCorruptException damaged) {
            throw new ToolException("The log of the etcd is damaged: " + damaged.file() + " at byte " + damaged.offset()
                    + ": " + damaged.reason());
        } catch (IllegalStateException missing) {
            throw new ToolException("No log: " + missing.getMessage() + "; see --from-wal-dir.");
        }
    }

    private static String describe(EtcdMigration.Result result, Path target) {
        return "member " + Long.toHexString(result.identity().getNodeID()) + " of cluster "
                + Long.toHexString(result.identity().getClusterID()) + " is in " + target + ": state at entry "
                + result.applied() + ", revision " + result.revision() + "; log up to entry " + result.last()
                + ", term " + result.hardState().term() + ", commit "
                + result.hardState().commit()
                + (result.tailCut() ? "; an unfinished write at the end of the log was left out" : "")
                + (result.sealed() ? "; " + SEALED : "");
    }
}
