import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.GraphicsEnvironment;
import java.awt.image.BufferedImage;
import java.net.InetAddress;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.ZoneId;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/** Certificates, encodings, fonts, zones. */
public class Check {
    static void check(boolean good, String what) {
        if (!good) {
            throw new AssertionError(what);
        }
    }

    public static void main(String[] arguments) throws Exception {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init((KeyStore) null);
        X509TrustManager manager = (X509TrustManager) factory.getTrustManagers()[0];
        check(manager.getAcceptedIssuers().length > 100, "the keystore is small");
        X509Certificate server = (X509Certificate) CertificateFactory.getInstance("X.509")
            .generateCertificate(Files.newInputStream(Path.of("/server.pem")));
        manager.checkServerTrusted(new X509Certificate[] {server}, "RSA");
        check(Charset.defaultCharset().name().equals("UTF-8"), "default charset");
        check(System.getProperty("sun.jnu.encoding").equals("UTF-8"), "encoding of file names");
        check(Charset.isSupported("Shift_JIS"), "charsets");
        check(System.getenv("JAVA_VERSION").equals(System.getProperty("java.version").split("[+]")[0]),
            System.getenv("JAVA_VERSION") + " and " + System.getProperty("java.version"));
        check(ZoneId.of("Europe/Berlin").getRules().isDaylightSavings(java.time.Instant.parse("2026-07-01T00:00:00Z")), "zones");
        check(GraphicsEnvironment.getLocalGraphicsEnvironment().getAllFonts().length > 0, "fonts");
        BufferedImage image = new BufferedImage(100, 20, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        graphics.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 12));
        graphics.drawString("h\u00e9llo", 5, 15);
        boolean drawn = false;
        for (int x = 0; x < 100; x++) {
            for (int y = 0; y < 20; y++) {
                drawn |= (image.getRGB(x, y) & 0xffffff) != 0;
            }
        }
        check(drawn, "text is drawn");
        javax.imageio.ImageIO.setUseCache(false); // the root is read-only
        javax.imageio.ImageIO.write(image, "jpeg", new java.io.ByteArrayOutputStream());
        check(InetAddress.getByName("localhost").isLoopbackAddress(), "names");
        System.out.println("all is well");
    }
}
