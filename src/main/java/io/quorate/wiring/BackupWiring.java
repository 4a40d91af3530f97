package io.quorate.wiring;

import io.quorate.api.grpc.BackupsService;
import io.quorate.assembly.BackupAssembly;
import io.quorate.assembly.ConsensusAssembly;
import io.quorate.assembly.ProposalAssembly;
import io.quorate.assembly.StateAssembly;
import io.quorate.backup.SnapshotException;
import io.quorate.backup.archive.Seal;
import io.quorate.backup.schedule.BackupOptions;
import io.quorate.backup.schedule.BackupProgress;
import io.quorate.backup.schedule.Schedule;
import io.quorate.backup.store.BackupStore;
import io.quorate.backup.store.StoreLocation;
import io.quorate.base.MonotonicClock;
import io.quorate.config.BackupSettings;
import io.quorate.config.MemberSettings;
import io.quorate.ops.BackupEndpoint;
import io.quorate.server.ErrorChannel;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.type.AnnotatedTypeMetadata;

/** The backups that members make themselves, if the settings say where to. */
@Configuration(proxyBeanMethods = false)
@Conditional(BackupWiring.Wanted.class)
class BackupWiring {

    private static final String SCRATCH = "backup-verification";

    /** Whether there is a place for them; an empty one is none. */
    static class Wanted implements Condition {

        @Override
        public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
            return !context.getEnvironment()
                    .getProperty("quorate.backup.to", "")
                    .isBlank();
        }
    }

    @Bean
    BackupAssembly backupAssembly(
            StateAssembly state,
            ConsensusAssembly consensus,
            ProposalAssembly proposals,
            BackupSettings settings,
            MemberSettings member,
            ErrorChannel errors,
            MonotonicClock clock) {
        return new BackupAssembly(
                new BackupAssembly.Parts(state, consensus, proposals),
                store(settings, clock),
                seal(settings),
                settings.compress(),
                options(settings, member),
                errors,
                clock);
    }

    @Bean
    BackupLifecycle backupLifecycle(BackupAssembly backups) {
        return new BackupLifecycle(backups);
    }

    @Bean
    BackupEndpoint backupEndpoint(BackupSettings settings, BackupAssembly backups) {
        return new BackupEndpoint(settings.to(), backups.progress(), backups.agent()::request);
    }

    /** For calls of clients; made when the first comes, as the services are made before the backups. */
    @Bean
    BackupsService.Desk backupDesk(ObjectProvider<BackupAssembly> backups) {
        return new BackupsService.Desk() {
            @Override
            public BackupsService.State state() {
                BackupProgress progress = backups.getObject().progress();
                return new BackupsService.State(
                        progress.isActive(), progress.isRunning(), progress.revision(), progress.lag());
            }

            @Override
            public boolean request() {
                return backups.getObject().agent().request();
            }
        };
    }

    private static BackupStore store(BackupSettings settings, MonotonicClock clock) {
        try {
            return StoreLocation.open(settings.to(), settings.credentials(), clock);
        } catch (IllegalArgumentException e) {
            throw BackupSettings.unusable("to", settings.to(), String.valueOf(e.getMessage()));
        }
    }

    private static Seal seal(BackupSettings settings) {
        if (settings.keyFile().isEmpty()) {
            return Seal.NONE;
        }
        try {
            return Seal.of(Path.of(settings.keyFile()));
        } catch (IOException | SnapshotException e) {
            throw BackupSettings.unusable("key-file", settings.keyFile(), "cannot be used: " + e.getMessage());
        }
    }

    private static BackupOptions options(BackupSettings settings, MemberSettings member) {
        return new BackupOptions(
                cron("full", settings.full()),
                settings.fullAfter().toBytes(),
                settings.interval(),
                settings.segmentSize().toBytes(),
                settings.keepCount(),
                settings.keepAge(),
                cron("verify", settings.verify()),
                member.dataDirectory().resolve("member").resolve(SCRATCH));
    }

    private static @Nullable Schedule cron(String setting, String text) {
        try {
            return text.isBlank() ? null : Cron.parse(text);
        } catch (IllegalArgumentException e) {
            throw BackupSettings.unusable(setting, text, String.valueOf(e.getMessage()));
        }
    }
}
