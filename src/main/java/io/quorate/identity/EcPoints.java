package io.quorate.identity;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECFieldFp;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;

/** The public key that belongs to a private one on an elliptic curve, which Java does not tell. Used once for each key. */
final class EcPoints {

    private static final BigInteger TWO = BigInteger.TWO;
    private static final BigInteger THREE = BigInteger.valueOf(3);

    private final BigInteger prime;
    private final BigInteger a;

    private EcPoints(ECParameterSpec parameters) {
        prime = ((ECFieldFp) parameters.getCurve().getField()).getP();
        a = parameters.getCurve().getA();
    }

    static ECPublicKey publicKey(ECPrivateKey key) throws GeneralSecurityException {
        ECParameterSpec parameters = key.getParams();
        ECPoint point = new EcPoints(parameters).times(key.getS(), parameters.getGenerator());
        return (ECPublicKey) KeyFactory.getInstance("EC").generatePublic(new ECPublicKeySpec(point, parameters));
    }

    private ECPoint times(BigInteger number, ECPoint point) {
        ECPoint sum = ECPoint.POINT_INFINITY;
        for (int bit = number.bitLength() - 1; bit >= 0; bit--) {
            sum = plus(sum, sum);
            if (number.testBit(bit)) {
                sum = plus(sum, point);
            }
        }
        return sum;
    }

    private ECPoint plus(ECPoint left, ECPoint right) {
        if (left.equals(ECPoint.POINT_INFINITY)) {
            return right;
        }
        if (right.equals(ECPoint.POINT_INFINITY)) {
            return left;
        }
        BigInteger slope;
        if (!left.getAffineX().equals(right.getAffineX())) {
            BigInteger rise = right.getAffineY().subtract(left.getAffineY());
            slope = rise.multiply(right.getAffineX().subtract(left.getAffineX()).modInverse(prime));
        } else if (left.getAffineY().equals(right.getAffineY())) {
            BigInteger rise =
                    left.getAffineX().modPow(TWO, prime).multiply(THREE).add(a);
            slope = rise.multiply(left.getAffineY().multiply(TWO).modInverse(prime));
        } else {
            return ECPoint.POINT_INFINITY;
        }
        BigInteger x = slope.multiply(slope)
                .subtract(left.getAffineX())
                .subtract(right.getAffineX())
                .mod(prime);
        BigInteger y = slope.multiply(left.getAffineX().subtract(x))
                .subtract(left.getAffineY())
                .mod(prime);
        return new ECPoint(x, y);
    }
}
