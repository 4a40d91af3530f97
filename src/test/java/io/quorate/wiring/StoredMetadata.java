package io.quorate.wiring;

import io.quorate.alarm.AlarmCodec;
import io.quorate.alarm.AlarmRepository;
import io.quorate.lease.LeaseCodec;
import io.quorate.lease.LeaseRepository;
import io.quorate.membership.MemberCodec;
import io.quorate.membership.MemberRepository;
import io.quorate.membership.Membership;
import io.quorate.storage.ApplyScope;
import io.quorate.storage.Database;
import io.quorate.storage.springdata.RocksKeyValueAdapter;
import io.quorate.storage.springdata.RocksKeyValueTemplate;
import java.util.List;
import org.springframework.data.keyvalue.core.mapping.context.KeyValueMappingContext;
import org.springframework.data.keyvalue.repository.query.KeyValuePartTreeQuery;
import org.springframework.data.keyvalue.repository.query.PredicateQueryCreator;
import org.springframework.data.keyvalue.repository.support.KeyValueRepositoryFactory;

/**
 * A member's metadata on its database, as the wiring has it, for tests of a whole member without Spring's context.
 *
 * @param scope what writes have to happen in
 */
public record StoredMetadata(
        Database database, ApplyScope scope, MemberRepository members, LeaseRepository leases, AlarmRepository alarms) {

    public static StoredMetadata on(Database database) {
        ApplyScope scope = new ApplyScope();
        RocksKeyValueAdapter adapter = new RocksKeyValueAdapter(
                database, scope, List.of(new MemberCodec(), new LeaseCodec(), new AlarmCodec()));
        KeyValueRepositoryFactory factory = new KeyValueRepositoryFactory(
                new RocksKeyValueTemplate(adapter, new KeyValueMappingContext<>()),
                PredicateQueryCreator.class,
                KeyValuePartTreeQuery.class);
        return new StoredMetadata(
                database,
                scope,
                factory.getRepository(MemberRepository.class),
                factory.getRepository(LeaseRepository.class),
                factory.getRepository(AlarmRepository.class));
    }

    public Membership membership(long clusterId, long localId) {
        return new Membership(
                clusterId,
                localId,
                members,
                new StoredClusterVersion(database, scope),
                new StoredRemovedMembers(database, scope));
    }
}
