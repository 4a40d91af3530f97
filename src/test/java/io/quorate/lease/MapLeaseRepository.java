package io.quorate.lease;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Leases in a map. */
final class MapLeaseRepository implements LeaseRepository {

    final Map<Long, LeaseRecord> stored = new HashMap<>();

    @Override
    public <S extends LeaseRecord> S save(S entity) {
        stored.put(entity.id(), entity);
        return entity;
    }

    @Override
    public <S extends LeaseRecord> Iterable<S> saveAll(Iterable<S> entities) {
        entities.forEach(this::save);
        return entities;
    }

    @Override
    public Optional<LeaseRecord> findById(Long id) {
        return Optional.ofNullable(stored.get(id));
    }

    @Override
    public boolean existsById(Long id) {
        return stored.containsKey(id);
    }

    @Override
    public Iterable<LeaseRecord> findAll() {
        return List.copyOf(stored.values());
    }

    @Override
    public Iterable<LeaseRecord> findAllById(Iterable<Long> ids) {
        throw new UnsupportedOperationException();
    }

    @Override
    public long count() {
        return stored.size();
    }

    @Override
    public void deleteById(Long id) {
        stored.remove(id);
    }

    @Override
    public void delete(LeaseRecord entity) {
        stored.remove(entity.id());
    }

    @Override
    public void deleteAllById(Iterable<? extends Long> ids) {
        ids.forEach(stored::remove);
    }

    @Override
    public void deleteAll(Iterable<? extends LeaseRecord> entities) {
        entities.forEach(this::delete);
    }

    @Override
    public void deleteAll() {
        stored.clear();
    }
}
